import { z } from 'zod';
import type { SiteReconstruction } from '../compress/reconstruction.ts';
import { reportSchema, sizeSchema } from '../compress/size.ts';
import { LabError } from '../errors.ts';
import { summarise } from '../metrics/summary.ts';
import type { TaskScore } from '../metrics/tasks.ts';
import { keptWords, type Predictions, ranksByProbe } from '../probe/predictions.ts';
import type { Answers } from '../probe/probes.ts';
import type { Skipped } from '../suite/suite.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { resultKey } from './key.ts';
import { entrySchema, faultOf, hash, type Result, type ResultEntry } from './schema.ts';

/** How the probes of a result lie: which relation each belongs to, and where it is in the order of asking. */
export interface ProbeOrder {
  relations: readonly { id: string; probes: number }[];
  order: Uint32Array;
  /** What could not be asked, and why. */
  skipped: readonly Skipped[];
}

/** What the JSON of a result may say beyond the result. */
export interface JsonExtras {
  /** Which answers count; `single-token` if not given. */
  answers?: Answers;
  /** For tasks: the LM harness's numbers of each (accuracy, by character, perplexity). */
  tasks?: Record<string, TaskScore>;
  /** How far the outputs of each changed layer are from what they were. */
  reconstruction?: SiteReconstruction[];
  /** All that is needed to read the result again: see `answersOf`. */
  kept?: ResultAnswers;
}

/** A result as JSON: what the command line prints, `lossy.run` returns and files hold. */
export type ResultJson = ReturnType<typeof toJson>;

/** Encodes a result as JSON, with the numbers that follow from its answers. */
export function toJson(
  { entry, predictions }: Result,
  { relations, order, skipped }: ProbeOrder,
  { answers = 'single-token', tasks, reconstruction, kept }: JsonExtras = {},
) {
  const { key, model, suite, template, recipe, report, backend, seconds } = entry;
  const summary = summarise(ranksByProbe(predictions.ranks, order), relations);
  const [first] = summary.precision;
  const { parameters, zeros, sparsity, bitsPerWeight, snrDb, mse, bytes } = report.touched ?? report.total;
  const { total, sites } = report;
  // Readers compare files byte by byte: the order of keys is part of the form.
  return {
    key,
    model,
    suite,
    template,
    recipe,
    /** Which answers count, and what was left out for that and other reasons. */
    answers,
    skipped,
    /** Probes asked, and of these the ones whose best accepted word came first. */
    probes: summary.probes,
    hits: first.hits,
    /** P@1 = hits / probes, with its 95 % Wilson interval. */
    accuracy: first.share,
    interval: [first.low, first.high] as [low: number, high: number],
    precision: summary.precision,
    mrr: summary.mrr,
    macro: summary.macro,
    /** Relation → [hits, probes]. */
    relations: Object.fromEntries(
      summary.relations
        .filter(({ probes }) => probes > 0)
        .map(({ id, hits, probes }): [string, [hits: number, probes: number]] => [id, [hits, probes]]),
    ),
    /** Of the weights that the recipe touched (of all sites where it is empty); bytes of the whole model beside it. */
    report: {
      parameters,
      zeros,
      sparsity,
      bitsPerWeight,
      snrDb,
      mse,
      bytes,
      model: { parameters: total.parameters, sparsity: total.sparsity, bytes: total.bytes },
      sites,
      ...(reconstruction && { reconstruction }),
    },
    ...(tasks && { tasks }),
    ...(kept && { kept }),
    /** What computed it, and how long it took. */
    backend,
    seconds,
  };
}

/** What a file holds of a result beside {@link ResultJson}, so that it can be read again. */
export type ResultAnswers = ReturnType<typeof answersOf>;

/**
 * Encodes what {@link toJson} leaves out of a result: its answers, and the size of the whole model.
 *
 * @param tokenizerSha256 part of the key; null where the model's tokenizer is not known any more
 */
export function answersOf({ entry: { of, savedAt, report }, predictions }: Result, tokenizerSha256: string | null) {
  return {
    of,
    savedAt,
    tokenizerSha256,
    whole: { total: report.total, otherBytes: report.otherBytes },
    /** In the order of asking, as base64 of little-endian 32-bit numbers; five words a question. */
    answers: {
      ranks: toBase64(predictions.ranks),
      goldLogProbs: toBase64(predictions.goldLogProbs),
      topIds: toBase64(predictions.topIds),
      topLogProbs: toBase64(predictions.topLogProbs),
    },
  };
}

const mostAnswers = 5_000_000;
/** Names become parts of addresses. */
const name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/);
const { model, suite, template, recipe, seconds, savedAt } = entrySchema.shape;

/** What is read of a result's JSON; the rest follows from the answers. */
const jsonSchema = z.object({
  result: z.object({
    key: hash,
    model: model.extend({ name, sha256: hash }),
    suite: suite.extend({ name, sha256: hash }),
    template,
    recipe,
    answers: z.literal('single-token'),
    probes: z.int().positive().max(mostAnswers),
    hits: z.int().nonnegative(),
    report: sizeSchema.extend({ sites: reportSchema.shape.sites }),
    backend: z.string().max(200),
    seconds,
  }),
  of: z.int().positive().max(mostAnswers),
  savedAt,
  tokenizerSha256: hash.nullable(),
  whole: reportSchema.pick({ total: true, otherBytes: true }),
  answers: z.object({ ranks: z.string(), goldLogProbs: z.string(), topIds: z.string(), topLogProbs: z.string() }),
});

/** What is known here of what a file says. */
export interface JsonContext {
  /** What a model of this name is, where it is at hand. */
  modelOf: (
    name: string,
  ) => { sha256: string; tokenizerSha256: string; family: string; parameters: number } | undefined;
  /** How many probes there are, by the key of the uncompressed model's result; null where that is not known. */
  probesOf: (key: string) => Promise<number | null>;
}

/** Whether names can stand in addresses, so that a page can keep a result under them. */
export const areNames = (...names: readonly string[]): boolean => names.every((one) => name.safeParse(one).success);

/**
 * Decodes a result. Everything in it is checked: it comes from anybody.
 *
 * @param input `{ result: ResultJson, ...ResultAnswers }`
 * @param where what messages call it
 * @throws LabError `bad-file` that says what is wrong
 */
export async function fromJson(input: unknown, where: string, context: JsonContext): Promise<Result> {
  const fail = (what: string) => badFile(`${where}: ${what}.`);
  const parsed = jsonSchema.safeParse(input);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw fail(`${path.join('.') || 'it'}: ${message}`);
  }
  const { of, savedAt, tokenizerSha256, whole, answers } = parsed.data;
  const { probes: asked, answers: _, report, ...entry } = parsed.data.result;
  const { sites, ...touched } = report;
  const numbersOf = (what: keyof Predictions, each = 1): ArrayBuffer => {
    const numbers = fromBase64(answers[what], asked * each);
    if (!numbers) throw fail(`answers.${what} has not ${asked * each} numbers, or is no base64`);
    return numbers;
  };
  const result: Result = {
    entry: { ...entry, asked, of, report: { sites, touched: sites.length === 0 ? null : touched, ...whole }, savedAt },
    predictions: {
      ranks: new Uint32Array(numbersOf('ranks')),
      goldLogProbs: new Float32Array(numbersOf('goldLogProbs')),
      topIds: new Uint32Array(numbersOf('topIds', keptWords)),
      topLogProbs: new Float32Array(numbersOf('topLogProbs', keptWords)),
    },
  };
  const fault = faultOf(result);
  if (fault !== null) throw fail(fault);
  const { goldLogProbs, topLogProbs } = result.predictions;
  if (!goldLogProbs.every(isLogProb) || !topLogProbs.every(isLogProb))
    throw fail('one of its log-probabilities is above 0, or no number');
  await checkSetting(result.entry, tokenizerSha256, context, fail);
  return result;
}

/** Checks that a result is what its key says: nothing else may be found under it. */
async function checkSetting(
  { key, model, suite, template, recipe, of }: ResultEntry,
  tokenizerSha256: string | null,
  { modelOf, probesOf }: JsonContext,
  fail: (what: string) => LabError,
): Promise<void> {
  const known = modelOf(model.name);
  const isKnown = known?.sha256 === model.sha256;
  if (isKnown && (known.family !== model.family || known.parameters !== model.parameters))
    throw fail(`it says other things of the model ${model.name} than this lab knows`);
  const tokenizer = isKnown ? known.tokenizerSha256 : tokenizerSha256;
  if (tokenizer === null) return;
  const setting = { model: { sha256: model.sha256, tokenizerSha256: tokenizer }, suite, template };
  if (resultKey({ ...setting, recipe }) !== key)
    throw fail('its key does not belong to its model, questions and recipe');
  const probes = await probesOf(resultKey({ ...setting, recipe: [] }));
  if (probes !== null && probes !== of) throw fail(`it has ${of} questions; this lab asks ${probes}`);
}

/** Rounding leaves a certain answer a little above 0. */
const isLogProb = (value: number) => value <= 1e-3;

/** A file of results that cannot be read. */
export const badFile = (message: string, cause?: unknown): LabError =>
  new LabError('bad-file', message, 'Nothing of it was taken. Export the results again where they come from.', {
    cause,
  });
