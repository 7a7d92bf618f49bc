import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { viewList } from '../src/app/view-list.ts';
import { app as texts } from '../src/ui/texts/app.ts';

const styles = fileURLToPath(new URL('../src/ui/shell.css', import.meta.url));

const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** The frame of the page (src/ui/App.tsx), as it looks while the first view is on its way. */
export function shell(): string {
  const links = viewList.map(({ id, label }) => `<a class="lossy-view" href="#view=${id}">${escaped(label)}</a>`);
  return [
    '<div class="lossy-frame"><header><div class="lossy-head"><div>',
    `<h1 class="lossy-name">${escaped(texts.name)}</h1>`,
    `<p class="lossy-question">${escaped(texts.question)}</p></div></div>`,
    `<nav class="lossy-views" aria-label="${escaped(texts.views)}">${links.join('')}</nav></header>`,
    `<main><p class="lossy-welcome">${escaped(texts.welcome)}</p></main></div>`,
  ].join('');
}

/**
 * Vite's plugin: the page says what it is before any script or style sheet has come. Style sheets stand behind that, since
 * nothing that follows one is painted before it is there.
 */
export function firstPaint(): Plugin {
  return {
    name: 'lossy-first-paint',
    transformIndexHtml: {
      order: 'post',
      handler(html) {
        const sheets = html.match(/^ *<link rel="stylesheet"[^>]*>\n/gm) ?? [];
        const page = sheets.reduce((rest, sheet) => rest.replace(sheet, ''), html);
        const root = '<div id="root"></div>';
        if (!page.includes(root)) this.error('index.html has no empty element with the id "root".');
        const css = readFileSync(styles, 'utf8')
          .replace(/\/\*.*?\*\//gs, '')
          .replace(/\s+/g, ' ');
        return page
          .replace('</head>', `  <style>${css}</style>\n  </head>`)
          .replace(root, `<div id="root">${shell()}</div>\n${sheets.join('')}`.trimEnd());
      },
    },
  };
}
