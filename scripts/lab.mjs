// node scripts/lab.mjs cli/<program>.ts ...: runs a TypeScript program in this process. stdout is that program's alone.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensurePackages, root, say } from './setup.mjs';

try {
  ensurePackages();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
const program = resolve(root, process.argv[2] ?? 'cli/lab.ts');
process.argv.splice(1, 2, program);
const { register } = await import('tsx/esm/api');
register();
await import(pathToFileURL(program).href);
