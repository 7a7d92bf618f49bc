import { z } from 'zod';
import { modelsSchema } from './slider.ts';
import { contestSchema } from './speed.ts';

/** What is measured, and how much of it. */
export interface GpuJob {
  prompts: number;
  /** And of those that transformers.js is asked one by one, too: it takes long. */
  few: number;
  /** How many probes the lab alone is asked, at most the suite's. */
  probes: number;
  rounds: number;
  /** In million parameters. */
  sizes: readonly (1 | 9 | 90)[];
  /** How long hits are compared, in seconds, model by model. */
  parity: Record<string, number>;
  /** Whether the software adapter will do: to see that it works. */
  software: boolean;
}

const seconds = z.array(z.number()).min(1);

export const gpuSchema = z.object({
  adapter: z.string(),
  /** The largest difference of a logit from WebAssembly's, uncompressed and at three levels. */
  checkedTo: z.number(),
  contest: contestSchema,
  /** The same with fewer prompts, and one by one. */
  few: contestSchema,
  batches: z.array(z.object({ rows: z.int(), probes: z.int(), seconds })),
  passes: z.array(z.object({ texts: z.int(), length: z.int(), seconds })),
  peak: z.object({ flops: z.number(), seconds, lab: z.object({ flops: z.number(), seconds }) }),
  slider: modelsSchema,
  parity: z.array(
    z.object({
      model: z.string(),
      /** Null where the check was not part of it. */
      checkedTo: z.number().nullable(),
      of: z.int(),
      runs: z.int(),
      exact: z.int(),
      worst: z.int(),
      asked: z.int(),
      tolerance: z.number(),
      off: z.array(z.object({ steps: z.unknown(), template: z.string(), hits: z.int(), expected: z.int() })),
    }),
  ),
});
export type GpuData = z.output<typeof gpuSchema>;
