import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from './setup.mjs';
import { shipped } from './shipped.ts';

/** Adds lines to a file of a copy: imports at its beginning, a line of a registry behind the one that is named. */
function register(file: string, line: string, after: string, added: string) {
  const text = readFileSync(file, 'utf8');
  expect(text.split(after)).toHaveLength(2);
  writeFileSync(file, `${line}\n${text.replace(after, `${after}\n${added}`)}`);
}

mkdirSync(join(root, 'test-results'), { recursive: true });
const copy = mkdtempSync(join(root, 'test-results/extend-'));
const lab = join(copy, 'src/lab');
const dummy = (name: string) => readFileSync(join(lab, 'test/dummy', name), 'utf8');

beforeAll(() => {
  for (const part of ['src', 'workers', 'index.html'])
    cpSync(join(root, part), join(copy, part), {
      recursive: true,
      filter: (path) => !/\.test\.tsx?$|test\/(tiny|golden|reference)\/.*json$/.test(path),
    });
});
afterAll(() => rmSync(copy, { recursive: true }));

// What CONTRIBUTING.md promises: a file and a line of its registry are all that the compiler wants of a new one.
test('a method and a family compile with the rest, with no other file touched', () => {
  writeFileSync(join(lab, 'compress/methods/shrink.ts'), dummy('shrink.ts'));
  const methods = join(lab, 'compress/methods/index.ts');
  register(methods, "import { shrink } from './shrink.ts';", '  sparsegpt,', '  shrink,');

  writeFileSync(join(lab, 'family/reader.ts'), dummy('reader.ts').replaceAll('../../family/', './'));
  const families = join(lab, 'family/index.ts');
  register(families, "import { reader } from './reader.ts';", '  decoder,', '  reader,');

  const use = `import type { MethodId } from './lab/compress/methods/index.ts';
import type { ScopeId } from './lab/compress/scope.ts';
import type { FamilyId } from './lab/family/index.ts';
export const known: [MethodId, FamilyId, ScopeId] = ['shrink', 'reader', 'reading-attention'];
`;
  writeFileSync(join(copy, 'src/use.ts'), use);
  writeFileSync(join(copy, 'src/misuse.ts'), use.replace("'reader'", "'writer'"));
  const options = {
    extends: '../../tsconfig.app.json',
    include: ['src/app', 'src/ui', 'src/use.ts', 'src/misuse.ts'],
  };
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify(options));
  const { stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', copy]);
  const errors = String(stdout).split('\n').filter(Boolean);
  expect(errors).toEqual([expect.stringMatching(/misuse\.ts.*TS2322.*"writer"/)]);
}, 180_000);

test('a view is one entry of the list and two files, and the built page loads both', async () => {
  const list = join(copy, 'src/app/view-list.ts');
  const last = "  { id: 'library',";
  const text = readFileSync(list, 'utf8');
  expect(text.split(last)).toHaveLength(2);
  writeFileSync(list, text.replace(last, `  { id: 'dummy', label: 'Dummy', title: 'Lossy: a dummy' },\n${last}`));
  for (const [file, content] of [
    ['src/app/views/dummy/view.ts', 'export const open = () => {};\nexport const leave = () => {};\n'],
    ['src/ui/views/dummy/index.ts', 'export default function Dummy() {\n  return null;\n}\n'],
  ]) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), content);
  }
  await build({
    configFile: false,
    root: copy,
    logLevel: 'error',
    publicDir: false,
    plugins: [react(), shipped()],
    worker: { format: 'es' },
    build: { manifest: true, minify: false, modulePreload: false, chunkSizeWarningLimit: 10_000 },
  });
  const built = JSON.parse(readFileSync(join(copy, 'dist/.vite/manifest.json'), 'utf8'));
  for (const file of ['src/app/views/dummy/view.ts', 'src/ui/views/dummy/index.ts'])
    expect(built[file]).toMatchObject({ isDynamicEntry: true });
}, 180_000);
