import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { z } from 'zod';

const machine = z.object({
  processor: z.string(),
  cores: z.int(),
  /** How many of them this process may use. */
  usable: z.int(),
  gigabytes: z.number(),
  system: z.string(),
});

const entry = z.object({
  /** When it ended, ISO 8601. */
  date: z.string(),
  machine,
  versions: z.record(z.string(), z.string()),
  quick: z.boolean(),
  rounds: z.int(),
  /** How long measuring took, in seconds. */
  seconds: z.number(),
  /** The part's own numbers. */
  data: z.unknown(),
});

const results = z.object({
  format: z.literal('lossy-bench-1'),
  /** By part: each has the numbers of its latest run. */
  parts: z.record(z.string(), entry),
});

export type Machine = z.output<typeof machine>;
export type BenchEntry = z.output<typeof entry>;
export type BenchResults = z.output<typeof results>;

/** What was measured so far: nothing where there is no such file. */
export function readResults(file: string): BenchResults {
  if (!existsSync(file)) return { format: 'lossy-bench-1', parts: {} };
  return results.parse(JSON.parse(readFileSync(file, 'utf8')));
}

export function writeResults(file: string, results: BenchResults): void {
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}

export function thisMachine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() || 'a processor without a name',
    cores: processors.length,
    usable: availableParallelism(),
    gigabytes: Math.round(totalmem() / 2 ** 30),
    system: process.platform,
  };
}
