import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './setup.mjs';

/** Runs a package's program and gives its exit code and output. */
function run(program: string, args: string[], cwd: string) {
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'node_modules', program), ...args], { cwd });
  return { status, output: String(stdout) };
}

/** Whether the project's lint rules accept one file of this name and text. */
function lintAccepts(file: string, text: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'lossy-border-'));
  try {
    cpSync(join(root, 'biome.json'), join(folder, 'biome.json'));
    for (const plugin of ['ui-types-only.grit', 'ui-texts.grit'])
      cpSync(join(root, 'scripts', plugin), join(folder, 'scripts', plugin));
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${text}\n`);
    return run('@biomejs/biome/bin/biome', ['lint', file], folder).status === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const use = (from: string) => `import { x } from '${from}';\nconsole.log(x);`;

test.each([
  ['src/lab/probe/a.ts', use('../../app/store.ts')],
  ['src/lab/probe/a.ts', use('../../ui/map.tsx')],
  ['src/lab/probe/a.ts', use('../../../workers/pool.ts')],
  ['src/lab/probe/a.ts', use('../../../cli/lab.ts')],
  ['src/lab/probe/a.ts', use('react')],
  ['src/lab/probe/a.ts', use('react-dom/client')],
  ['src/lab/probe/a.ts', use('zustand/middleware')],
  ['src/lab/probe/a.ts', use('recharts')],
  ['src/lab/probe/a.ts', use('comlink')],
  ['src/lab/probe/a.ts', use('idb-keyval')],
  ['src/lab/probe/a.ts', use('@mantine/core')],
  ['src/lab/probe/a.ts', use('node:fs')],
  ['src/lab/probe/a.ts', "export * from '../../app/store.ts';"],
  ['src/lab/probe/a.ts', "console.log(await import('../../app/store.ts'));"],
  ['src/app/a.ts', use('../ui/map.tsx')],
  ['src/app/a.ts', "import type { X } from '../ui/map.tsx';\nexport const x: X = 1;"],
  ['workers/a.ts', use('../src/app/views/explore/explore-store.ts')],
  ['workers/a.ts', use('../src/ui/map.tsx')],
  ['src/ui/map/a.tsx', use('../../../workers/pool.ts')],
  ['src/ui/map/a.tsx', use('../../lab/compress/index.ts')],
  ['src/ui/map/a.tsx', "console.log(await import('../../lab/compress/index.ts'));"],
  ['src/ui/map/a.tsx', "export { x } from '../../lab/compress/index.ts';"],
  ['src/ui/parts/a.tsx', 'export const A = () => <b>Hello</b>;'],
  ['src/ui/parts/a.tsx', "export const A = () => <b>{'Hello'}</b>;"],
  ['src/ui/parts/a.tsx', 'export const A = () => <b title="Hello">1</b>;'],
  ['src/ui/parts/a.tsx', "export const A = ({ x }: { x: boolean }) => <b>{x ? 'Hello' : null}</b>;"],
  ['src/ui/parts/a.tsx', `export const A = ({ x }: { x: string }) => <b aria-label={\`Hello \${x}\`}>{x}</b>;`],
  ['src/ui/parts/a.tsx', "export const hello = 'Hello to all';"],
])('lint refuses in %s: %s', (file, text) => {
  expect(lintAccepts(file, text)).toBe(false);
});

test.each([
  ['src/lab/probe/a.ts', use('../model/site.ts')],
  ['src/lab/probe/a.ts', use('zod')],
  ['src/lab/probe/a.test.ts', use('node:fs')],
  ['src/app/a.ts', use('../lab/sweep/plan.ts')],
  ['src/app/a.ts', use('idb-keyval')],
  ['workers/a.ts', use('../src/lab/engine/engine.ts')],
  ['workers/a.ts', use('comlink')],
  [
    'src/ui/parts/a.tsx',
    `export const A = ({ x }: { x: string }) => <b className="y">{x === 'y' && \`\${x}: \${x} %\`}</b>;`,
  ],
  ['src/ui/texts/a.ts', "export const hello = 'Hello to all';"],
  ['src/ui/map/a.tsx', use('../../app/store.ts')],
  ['src/ui/map/a.tsx', "import type { X } from '../../lab/metrics/wilson.ts';\nexport const x: X = 1;"],
])('lint accepts in %s: %s', (file, text) => {
  expect(lintAccepts(file, text)).toBe(true);
});

/** What the compiler says of a text as part of one of the separate compiles ("lab", "workers", "app"). */
function compile(part: string, text: string): string {
  // Inside the project, so that the packages' types are found as for the real sources.
  mkdirSync(join(root, 'test-results'), { recursive: true });
  const folder = mkdtempSync(join(root, 'test-results/border-'));
  try {
    const include = part === 'lab' ? ['a.ts', join(root, 'src/lab/platform.d.ts')] : ['a.ts'];
    writeFileSync(join(folder, 'a.ts'), `${text}\n`);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: `../../tsconfig.${part}.json`, include }));
    return run('typescript/bin/tsc', ['-p', 'tsconfig.json'], folder).output;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each([
  ['lab', 'document'],
  ['lab', 'self'],
  ['lab', 'fetch'],
  ['lab', 'process'],
  ['lab', 'indexedDB'],
  ['workers', 'document'],
  ['workers', 'window'],
  ['workers', 'process'],
  ['app', 'process'],
])('the compiler knows in %s no %s', (part, name) => {
  expect(compile(part, `export const x = ${name};`)).toMatch(/error TS(2304|2584|2591|2580)/);
});

test.each([
  ['lab', 'performance.now()'],
  ['workers', 'self.name'],
  ['app', 'document.title'],
])('the compiler accepts in %s: %s', (part, code) => {
  expect(compile(part, `export const x = ${code};`)).toBe('');
});

/** The files that a compile reads which has these settings. */
const filesOf = (config: string) => run('typescript/bin/tsc', ['-p', config, '--listFilesOnly'], root).output;

const parts = readdirSync(root).filter((name) => /^tsconfig\.(?!base)\w+\.json$/.test(name));

test.each(parts.filter((name) => name !== 'tsconfig.test.json'))('%s compiles no tests', (config) => {
  const files = filesOf(config);
  expect(files).toContain('src/lab/errors.ts');
  expect(files).not.toMatch(/node_modules\/vitest\/|\.test\.tsx?$/m);
});

test('tests are compiled', () => {
  expect(filesOf('tsconfig.test.json')).toMatch(/node_modules\/vitest\//);
});
