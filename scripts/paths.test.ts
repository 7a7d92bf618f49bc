import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './setup.mjs';

const tracked = String(spawnSync('git', ['ls-files'], { cwd: root }).stdout)
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const names = new Set(tracked.map((file) => basename(file)));

/** Names that stand for any: `src/app/views/ID`, `*.ts`, `<id>`. */
const isPattern = (path: string) => /[*<>{}|…]|\b(?:ID|TINY|MODEL|PATH|NAME)\b|path\/to/.test(path);
const isThere = (path: string, beside: string) =>
  [root, join(root, 'src/lab'), join(root, dirname(beside))].some((folder) => existsSync(join(folder, path)));

/** Paths that a document names in code spans, and that are not there. */
function missingIn(file: string, text: string): string[] {
  const prose = text.replaceAll(/```.*?```/gs, '');
  const spans = [...prose.matchAll(/`([^`\s]+)`/g)].map(([, span]) => span.replace(/[:#].*$/, ''));
  const links = [...prose.matchAll(/\]\((?!https?:|#)([^)\s]+)\)/g)].map(([, link]) => link.replace(/#.*$/, ''));
  const paths = spans.filter((span) => /^[\w.@-]+(?:\/[\w.@-]+)+\/?$|^[\w-]+\.(?:ts|tsx|mjs|py|md)$/.test(span));
  return [...paths, ...links].filter(
    (path) => !isPattern(path) && !isThere(path, file) && !tracked.some((other) => other.endsWith(`/${path}`)),
  );
}

const documents = tracked.filter(
  (file) => file.endsWith('.md') && !/^(?:training|public|bench)\/|CHANGELOG|findings|LICENSE/.test(file),
);

test.each(documents)('%s names files that exist', (file) => {
  // What others publish, packages, addresses and media types look like paths, too.
  const foreign =
    /^(?:lossy|@|image|text|application|huggingface|owner|onnx|LICENSE)\b|^(?:node|vite|src\/app\/views\/ID)\//;
  const missing = missingIn(file, readFileSync(join(root, file), 'utf8')).filter((path) => !foreign.test(path));
  expect(missing).toEqual([]);
});

test('comments name files that exist', () => {
  const sources = tracked.filter(
    (file) =>
      !/\.test\.tsx?$|\/gen\//.test(file) &&
      /^(?:src|workers|cli|scripts|e2e)\/.*\.(?:ts|tsx|mjs)$/.test(file) &&
      statSync(join(root, file)).size < 2e5,
  );
  const missing = sources.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const comments = [...text.matchAll(/^\s*\/\*\*[\s\S]*?\*\/|^\s*\/\/ .*$/gm)].map(([comment]) => comment).join('\n');
    const cited = [...comments.matchAll(/(?<![\w`.@-])((?:[\w-]+\/)*[\w.-]+\.(?:tsx?|mjs|py|md))\b/g)].map(
      ([, path]) => path,
    );
    return cited.filter((path) => !isPattern(path) && !names.has(basename(path))).map((path) => `${file}: ${path}`);
  });
  expect(missing).toEqual([]);
});

test('a missing file is found', () => {
  expect(
    missingIn('README.md', 'See `src/lab/nowhere.ts` and [this](docs/nothing.md), not `src/lab/errors.ts`.'),
  ).toEqual(['src/lab/nowhere.ts', 'docs/nothing.md']);
});
