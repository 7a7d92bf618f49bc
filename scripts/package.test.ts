// The package as others get it: packed, unpacked into an empty project, compiled, run and bundled there.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSession } from '../cli/session.ts';
import { parseRecipe } from '../src/lab/compress/recipe.ts';
import { root } from './setup.mjs';

const project = mkdtempSync(join(tmpdir(), 'lossy-package-'));
const installed = join(project, 'node_modules/lossy');
/** The code of docs/library.md: the program for Node, and the function for browsers. */
const [program, browser] = [...readFileSync(join(root, 'docs/library.md'), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(
  ([, code]) => code,
);

/** Runs a program in the project. @returns its stdout */
const run = (file: string, ...args: string[]) =>
  execFileSync(process.execPath, [file, ...args], {
    cwd: project,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Takes a package from the root's node_modules; what it needs itself is found beside its real place. */
function link(name: string): void {
  const to = join(project, 'node_modules', name);
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), to, 'junction');
}

/** Compiles one file of the project, with nothing but the language and `lib`. */
function compile(file: string, lib: string[], types: string[]): void {
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2023',
    strict: true,
    skipLibCheck: false,
    outDir: 'out',
    lib,
    types,
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
  try {
    run(join(root, 'node_modules/typescript/bin/tsc'), '-p', '.');
  } catch (error) {
    throw new Error((error as { stdout: string }).stdout);
  }
}

beforeAll(() => {
  // npm is a .cmd file on Windows, which only a shell starts.
  const options = { cwd: root, encoding: 'utf8', shell: process.platform === 'win32', stdio: 'pipe' } as const;
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', project], options));
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(project, filename), '-C', installed, '--strip-components=1']);
  const { dependencies, bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  // Only what the package says that it needs; and what such a project has itself.
  for (const name of [...Object.keys(dependencies), '@types/node']) link(name);
  chmodSync(join(installed, bin.lossy), 0o755);
  mkdirSync(join(project, 'node_modules/.bin'));
  symlinkSync(join(installed, bin.lossy), join(project, 'node_modules/.bin/lossy'));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  writeFileSync(join(project, 'program.ts'), program);
  writeFileSync(join(project, 'browser.ts'), browser);
}, 120_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

test('the documented program compiles without DOM, runs, and prints what the sources find', async () => {
  compile('program.ts', ['es2023'], ['node']);
  const printed = run('out/program.js', join(root, 'public/models/bert-mini'), 'facts');
  const session = await openSession({ model: 'bert-mini', suite: 'facts', threads: 1 });
  const recipe = parseRecipe([
    { method: 'wanda', sparsity: 0.3 },
    { method: 'rtn', bits: 4 },
  ]);
  const { accuracy, interval } = (await session.run(recipe, { limit: 200 })).result;
  await session.close();
  const [p, low, high] = [accuracy, ...interval].map((share) => `${(share * 100).toFixed(1)} %`);
  expect(accuracy).toBeGreaterThan(0.1);
  expect(printed.trim().split('\n').at(-1)).toBe(`P@1 ${p} (95 % interval ${low} to ${high})`);
}, 120_000);

test('the command line comes along, and its studies start processes of the package', () => {
  const lossy = (...args: string[]) => run('node_modules/.bin/lossy', ...args);
  const result = JSON.parse(lossy('run', '--model', 'bert-mini', '--suite', 'facts', '--limit', '5', '--json'));
  expect(result).toMatchObject({ model: { name: 'bert-mini' }, probes: 5 });
  expect(lossy('--help')).toContain('lossy run --model MODEL');
  const plan = {
    models: ['bert-mini'],
    suite: 'facts',
    templates: ['seen'],
    probes: 5,
    recipes: [[]],
  };
  writeFileSync(join(project, 'plan.json'), JSON.stringify(plan));
  expect(JSON.parse(lossy('study', 'plan.json', '--out', 'lines.jsonl', '--json'))).toMatchObject({
    done: 1,
    failed: 0,
  });
}, 120_000);

test('the documented function for browsers compiles, and is bundled without anything of Node', async () => {
  compile('browser.ts', ['es2023', 'dom'], []);
  const entry = join(project, 'browser.ts');
  await build({
    root: project,
    configFile: false,
    logLevel: 'error',
    build: { lib: { entry, formats: ['es'] }, outDir: 'dist', minify: false },
  });
  const code = readdirSync(join(project, 'dist'))
    .filter((name) => /\.m?js$/.test(name))
    .map((name) => readFileSync(join(project, 'dist', name), 'utf8'))
    .join('\n');
  // Not by toContain, which would print it all.
  expect(/LabSession = class|class LabSession/.test(code)).toBe(true);
  expect(code.match(/from ?["'](node:|lossy)|browser-external/)).toBeNull();
}, 120_000);
