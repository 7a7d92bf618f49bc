// npm test [-- typecheck lint unit build e2e]: every check, or those named. Installs what is missing. The last line is
// "N passed, N failed" (", N skipped" if any were): a compile, a lint and a build count as one each.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ensureBrowser, ensureBuild, ensurePackages, root, say } from './setup.mjs';

/**
 * `flaky`: of those that passed, the ones that did so only when they were repeated.
 * @typedef {{ passed: number, failed: number, skipped: number, flaky?: number }} Count
 */

const reports = join(root, 'test-results');

/**
 * Runs one of the project's programs with its output passed on.
 * @param {string} program its file in node_modules
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<boolean>} whether it ended with code 0
 */
function run(program, args, env = {}) {
  return new Promise((done) => {
    const script = join(root, 'node_modules', program);
    const options = { cwd: root, stdio: /** @type {const} */ ('inherit'), env: { ...process.env, ...env } };
    const child = spawn(process.execPath, [script, ...args], options);
    child.on('error', () => done(false));
    child.on('exit', (code) => done(code === 0));
  });
}

/** @param {boolean} ok @returns {Count} */
const one = (ok) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });

/**
 * What a runner's report counted. A runner that failed without a failed test (a broken file, no test at all, a crash
 * before its report) counts as one failure: nothing may look green that was not.
 * @param {string} file
 * @param {boolean} ok whether the runner ended with code 0
 * @param {(report: any) => Count} read
 * @returns {Count}
 */
function counted(file, ok, read) {
  const count = existsSync(file) ? read(JSON.parse(readFileSync(file, 'utf8'))) : { passed: 0, failed: 0, skipped: 0 };
  return ok || count.failed > 0 ? count : { ...count, failed: 1 };
}

async function typecheck() {
  let ok = true;
  for (const part of ['lab', 'workers', 'app', 'node', 'test']) {
    ok = (await run('typescript/bin/tsc', ['-p', `tsconfig.${part}.json`])) && ok;
  }
  return one(ok);
}

async function unit() {
  const file = join(reports, 'unit.json');
  rmSync(file, { force: true });
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const ok = await run('vitest/vitest.mjs', args);
  return counted(file, ok, (report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  }));
}

/** @returns {Promise<number>} a port that nobody listens on */
function freePort() {
  return new Promise((done, fail) => {
    const server = createServer().on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function e2e() {
  await ensureBrowser();
  ensureBuild();
  const file = join(reports, 'e2e.json');
  rmSync(file, { force: true });
  const ok = await run('@playwright/test/cli.js', ['test'], { LOSSY_PORT: String(await freePort()) });
  return counted(file, ok, ({ stats }) => ({
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
    flaky: stats.flaky,
  }));
}

/** @type {Record<string, () => Promise<Count>>} */
const stages = {
  typecheck,
  lint: async () => one(await run('@biomejs/biome/bin/biome', ['check', '.'])),
  unit,
  build: async () => one(await run('vite/bin/vite.js', ['build'])),
  e2e,
};

const named = process.argv.slice(2);
const unknown = named.find((name) => !(name in stages));
const total = { passed: 0, failed: 0, skipped: 0, flaky: 0 };
try {
  if (unknown) throw new Error(`There is no stage "${unknown}": the stages are ${Object.keys(stages).join(', ')}.`);
  ensurePackages();
  mkdirSync(reports, { recursive: true });
  let built = true;
  for (const name of named.length > 0 ? named : Object.keys(stages)) {
    // An older build would be tested in the place of the one that failed.
    if (name === 'e2e' && !built) {
      say('\n=== e2e: not run, because the build failed');
      continue;
    }
    console.log(`\n=== ${name}`);
    const count = await stages[name]().catch((error) => {
      say(error instanceof Error ? error.message : String(error));
      return one(false);
    });
    if (name === 'build') built = count.failed === 0;
    total.passed += count.passed;
    total.failed += count.failed;
    total.skipped += count.skipped;
    total.flaky += count.flaky ?? 0;
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  total.failed += 1;
}
process.exitCode = total.failed > 0 ? 1 : 0;
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
if (total.flaky > 0) say(`\n${total.flaky} of those that passed did so only when repeated: see "flaky" above.`);
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
