// npm run docs: the library's API from its docstrings, as pages in api-docs/.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePackages, root, run, say } from './setup.mjs';

const folder = join(root, 'docs/api');
try {
  ensurePackages();
  // npm writes this file last.
  if (!existsSync(join(folder, 'node_modules/.package-lock.json'))) {
    say('Installing TypeDoc (once) ...');
    if (!run('npm', ['ci'], folder)) throw new Error('npm ci failed in docs/api: check the network.');
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
const { status } = spawnSync(process.execPath, [join(folder, 'node_modules/typedoc/bin/typedoc')], {
  cwd: folder,
  stdio: 'inherit',
});
process.exit(status ?? 1);
