import { z } from 'zod';
import { LabError } from '../../errors.ts';
import { families, familyIds, hasHalves, type ModelInput } from '../../family/index.ts';
import type { Model } from '../../model/load.ts';
import type { Probe } from '../../probe/probes.ts';

const step = z.looseObject({ method: z.string(), scope: z.string() });
const count = z.int().nonnegative();
const schema = z.object({
  format: z.literal('lossy-reference-2'),
  model: z.string(),
  family: z.enum(familyIds),
  torch: z.string(),
  device: z.string(),
  runs: z.array(
    z.object({
      template: z.enum(['seen', 'paraphrase', 'held-out']),
      steps: z.array(step),
      hits: count,
      probes: count,
      /** Relation → [hits, probes], for the uncompressed model and one that is pruned to half. */
      relations: z.record(z.string(), z.tuple([count, count])).optional(),
    }),
  ),
  samples: z.array(
    z.object({
      steps: z.array(step),
      relation: z.string(),
      subject: z.string(),
      ids: z.array(count),
      /** Where the blank stands in `ids`: a mask, a gap's mark, or the last token before it. */
      at: count,
      gold: z.array(count).min(1),
      /** The highest words with their logits, falling. */
      top: z.array(z.tuple([count, z.number()])).min(1),
      logSumExp: z.number(),
    }),
  ),
});

/** Curves and logits that PyTorch gave for a model (training/models/reference.py says how). */
export type Reference = z.output<typeof schema>;
export type ReferenceRun = Reference['runs'][number];
export type ReferenceSample = Reference['samples'][number];

/**
 * How far hits may be off: near-ties of the two highest words, because float32 sums differ in their order. Of a model
 * that is compressed to nonsense all words are near-ties.
 */
export const hitTolerance = (probes: number) => Math.max(3, 0.001 * probes);

/** How far a logit may be off on WebAssembly. */
export const logitTolerance = 1e-4;

const methodsSchema = z.object({
  format: z.literal('lossy-reference-methods-1'),
  model: z.string(),
  torch: z.string(),
  /** How many subjects of each relation were asked ({@link firstSubjects}), in the wording `seen`. */
  subjects: z.int().positive(),
  runs: z.array(z.object({ steps: z.array(step), hits: count, probes: count })),
});

/** What a model knows after each method, computed with PyTorch (training/reference/accuracy.py says how). */
export type MethodsReference = z.output<typeof methodsSchema>;

/** Reads a reference file. @throws LabError `internal` where it has another shape */
export const parseReference = (json: string): Reference => parseAs(schema, json);

/** Reads a reference file of methods. @throws LabError `internal` where it has another shape */
export const parseMethodsReference = (json: string): MethodsReference => parseAs(methodsSchema, json);

function parseAs<T>(shape: z.ZodType<T>, json: string): T {
  const parsed = shape.safeParse(JSON.parse(json));
  if (parsed.success) return parsed.data;
  throw new LabError('internal', `The reference file: ${parsed.error.issues[0].path.join('.')} is not as expected.`);
}

/** The first probes of each relation, in their order. */
export function firstSubjects<T extends Pick<Probe, 'relation'>>(probes: readonly T[], subjects: number): T[] {
  const asked = new Map<number, number>();
  return probes.filter(({ relation }) => {
    const before = asked.get(relation) ?? 0;
    asked.set(relation, before + 1);
    return before < subjects;
  });
}

/** A sample as the lab asks it: of two halves, the second one writes behind the gap's mark. */
export function sampleRow(
  { ids, at, gold }: ReferenceSample,
  model: Pick<Model, 'family' | 'decoderStart'>,
): ModelInput {
  if (!hasHalves(families[model.family])) return { ids, target: null, picks: [{ at, gold }] };
  return { ids, target: [model.decoderStart, ids[at]], picks: [{ at: 1, gold }] };
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
