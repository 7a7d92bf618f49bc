#!/usr/bin/env node
// The lab from a terminal: npm run -s lab -- run|inspect|export|study|join ... --json. stdout gets the result alone, stderr the rest.
import { main } from './main.ts';

const code = await main(process.argv.slice(2));
// The runtime's threads would keep the process alive; what was printed has to be out before it ends.
process.stdout.write('', () => process.exit(code));
