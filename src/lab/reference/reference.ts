import { z } from 'zod';
import { LabError } from '../errors.ts';

const step = z.looseObject({ method: z.string(), scope: z.string() });
const schema = z.object({
  model: z.string(),
  probes: z.int(),
  torch: z.string(),
  runs: z.array(
    z.object({
      template: z.enum(['seen', 'paraphrase']),
      steps: z.array(step),
      hits: z.int(),
      relations: z.record(z.string(), z.tuple([z.int(), z.int()])),
    }),
  ),
  samples: z.array(
    z.object({
      steps: z.array(step),
      relation: z.string(),
      subject: z.string(),
      ids: z.array(z.int()),
      gold: z.array(z.int()),
      top: z.array(z.tuple([z.int(), z.number()])),
      logSumExp: z.number(),
    }),
  ),
});

/** Curves and logits that PyTorch gave for a model (training/README.md says how). */
export type Reference = z.output<typeof schema>;
export type ReferenceRun = Reference['runs'][number];
export type ReferenceSample = Reference['samples'][number];

/** How far hits may be off: near-ties of the two highest words, because float32 sums differ in their order. */
export const hitTolerance = 3;

/** How far a logit may be off on WebAssembly. */
export const logitTolerance = 1e-4;

/** Reads a reference file. @throws LabError `internal` where it has another shape */
export function parseReference(json: string): Reference {
  const parsed = schema.safeParse(JSON.parse(json));
  if (parsed.success) return parsed.data;
  throw new LabError('internal', `The reference file: ${parsed.error.issues[0].path.join('.')} is not as expected.`);
}

/** The largest difference between a sample's top logits and log-sum-exp and what a model gave for the same words. */
export function logitDifference(
  sample: ReferenceSample,
  answer: { ids: readonly number[]; logits: readonly number[]; logSumExp: number },
): number {
  const differences = sample.top.map(([id, logit]) => {
    const at = answer.ids.indexOf(id);
    return at < 0 ? Number.POSITIVE_INFINITY : Math.abs(answer.logits[at] - logit);
  });
  return Math.max(...differences, Math.abs(answer.logSumExp - sample.logSumExp));
}
