import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** Files in a folder and those below it, by their path within it. */
function filesIn(folder: string, prefix = ''): string[] {
  return readdirSync(folder).flatMap((entry) => {
    const path = join(folder, entry);
    return statSync(path).isDirectory() ? filesIn(path, `${prefix}${entry}/`) : [`${prefix}${entry}`];
  });
}

/** What of public/ the service worker may keep: models' files are kept, and checked, by workers/store.ts. */
const isSmall = (path: string) => /(^favicon|suite\.json$|card\.json$)/.test(path);

/**
 * Vite's plugin: builds the service worker as sw.js beside the page, and tells it which files there are. Its build id
 * changes with any of them, so that a new version is seen as one.
 */
export function offline(): Plugin {
  let publicDir = '';
  return {
    name: 'lossy-offline',
    apply: 'build',
    configResolved(config) {
      publicDir = config.publicDir;
    },
    buildStart() {
      // A worker's own build has no page to go with.
      if (this.environment?.name === 'client' || !this.environment)
        this.emitFile({ type: 'chunk', id: 'workers/service.ts', fileName: 'sw.js' });
    },
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const worker = bundle['sw.js'];
        if (worker?.type !== 'chunk') return;
        const built = Object.keys(bundle).filter((path) => /\.(m?js|css|wasm|svg)$/.test(path) && path !== 'sw.js');
        const shipped = filesIn(publicDir).filter(isSmall);
        const hash = createHash('sha256');
        for (const path of built.sort()) hash.update(path);
        const html = bundle['index.html'];
        if (html?.type === 'asset') hash.update(html.source);
        for (const path of shipped.sort()) hash.update(path).update(readFileSync(join(publicDir, path)));
        const entry = Object.values(bundle).find(
          (chunk) => chunk.type === 'chunk' && chunk.isEntry && chunk !== worker,
        );
        const first = entry?.type === 'chunk' ? [entry.fileName, ...entry.imports] : [];
        const styles = built.filter((path) => path.endsWith('.css'));
        const build = {
          id: hash.digest('hex').slice(0, 16),
          shell: ['./', ...first, ...styles, 'favicon.svg'],
          files: [...built, ...shipped],
        };
        worker.code = `const lossyBuild = ${JSON.stringify(build)};\n${worker.code.replace(/\bexport\s*\{\s*\};?\s*$/, '')}`;
      },
    },
  };
}

/** Nothing but this site's own scripts runs; WebAssembly may be compiled. Styles are set on elements by the charts. */
const policy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self' blob: data:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Where zod keeps its settings, before anybody has set one. */
const unset = '.__zod_globalConfig = {}';

/**
 * Vite's plugin: the built page says which sources it allows (a content security policy). Schemas would try whether they
 * may compile themselves, which is a violation: they are told not to before the first one is made, which no statement of
 * the page's own could be sure of.
 */
export function securityPolicy(): Plugin {
  return {
    name: 'lossy-policy',
    apply: 'build',
    transform(code, id) {
      if (!/zod\/v4\/core\/core\.js$/.test(id)) return;
      if (!code.includes(unset)) this.error('zod keeps its settings elsewhere: the page would violate its own policy.');
      return { code: code.replace(unset, unset.replace('{}', '{ jitless: true }')), map: null };
    },
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: policy }, injectTo: 'head-prepend' },
    ],
  };
}
