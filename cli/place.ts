import { resolve } from 'node:path';

/** Whether these are the sources, run as they are, or what was built from them for the package. */
export const isSource = import.meta.filename.endsWith('.ts');

/** Where package.json is. */
export const packageRoot = resolve(import.meta.dirname, isSource ? '..' : '../..');

/** How the command line is called. */
export const program = isSource ? 'npm run -s lab --' : 'lossy';
