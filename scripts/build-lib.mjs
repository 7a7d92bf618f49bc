// npm run build:lib: builds the package's JavaScript and types into lib/, from nothing.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePackages, root } from './setup.mjs';

ensurePackages();

rmSync(join(root, 'lib'), { recursive: true, force: true });
const compiler = join(root, 'node_modules/typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.lib.json'], {
  cwd: root,
  stdio: ['ignore', 2, 2],
});
process.exit(status ?? 1);
