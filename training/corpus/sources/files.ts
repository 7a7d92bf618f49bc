import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const training = new URL('../../', import.meta.url);
const require = createRequire(new URL('package.json', training));

function missing(what: string, command: string): never {
  throw new Error(`${what} is missing. Install it with: ${command}`);
}

/** A file of one of the packages that training/package.json pins. */
export function packageFile(name: string, path: string): string {
  const file = fileURLToPath(new URL(`node_modules/${name}/${path}`, training));
  if (!existsSync(file)) missing(`The package ${name}`, 'npm ci --prefix training');
  return readFileSync(file, 'utf8');
}

export function packageJson<T>(name: string, path: string): T {
  return JSON.parse(packageFile(name, path)) as T;
}

export function packageModule<T>(name: string): T {
  try {
    return require(name) as T;
  } catch {
    return missing(`The package ${name}`, 'npm ci --prefix training');
  }
}

/** A dictionary of Debian's dict-* packages: the .dict.dz file is gzip. */
export function dictionary(name: string): string {
  const file = `/usr/share/dictd/${name}.dict.dz`;
  if (!existsSync(file)) missing(`The dictionary ${name}`, `apt-get install dict-${name}`);
  return gunzipSync(readFileSync(file)).toString('utf8');
}

export function isoCodes<T>(standard: string): T[] {
  const file = `/usr/share/iso-codes/json/iso_${standard}.json`;
  if (!existsSync(file)) missing(`The ISO tables`, 'apt-get install iso-codes');
  return (JSON.parse(readFileSync(file, 'utf8')) as Record<string, T[]>)[standard]!;
}
