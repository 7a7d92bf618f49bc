import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../scripts/setup.mjs';
import { parts } from './parts/index.ts';
import { renderResults } from './report.ts';
import { type BenchEntry, readResults, writeResults } from './results.ts';

const store = join(root, 'bench/results.json');

/** Puts what a part measured into results.json, and writes RESULTS.md from it. */
export function enter(id: string, entry: BenchEntry): void {
  const results = readResults(store);
  results.parts[id] = entry;
  writeResults(store, results);
  writeFileSync(join(root, 'bench/RESULTS.md'), renderResults(parts, results));
}
