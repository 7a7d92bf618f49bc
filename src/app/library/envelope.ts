import { z } from 'zod';
import { parseRecipe } from '../../lab/compress/recipe.ts';
import { LabError } from '../../lab/errors.ts';
import { familyIds } from '../../lab/family/index.ts';
import { keptWords, type Predictions } from '../../lab/probe/predictions.ts';
import { templateIds } from '../../lab/probe/suite.ts';
import { resultKey } from '../../lab/sweep/key.ts';
import { makeResult, type Result } from '../../lab/sweep/result.ts';
import { breath } from '../breath.ts';
import { reportSchema, type Stored, sizeSchema } from '../cache.ts';
import type { Layout } from '../layout.ts';
import { ranksByProbe } from '../pieces.ts';
import { modelOf } from '../shipped.ts';
import { tagsSchema } from './tags.ts';

/** How files of results are marked; the version rises when their form changes. */
export const fileFormat = 'lossy-results';
export const fileVersion = 1;

/** Larger files are refused before they are read: the page would not survive them. */
export const largestFile = 512 * 2 ** 20;
const mostResults = 20_000;
const mostAnswers = 5_000_000;

/** One result in a file: the command line's shape, and what else this lab keeps of it. */
interface Item {
  result: Result;
  of: number;
  savedAt: number;
  /** Part of the key; null where this lab does not know the model's tokenizer any more. */
  tokenizerSha256: string | null;
  whole: { total: z.infer<typeof sizeSchema>; otherBytes: number };
  tags: readonly string[];
  /** Answers in the order of asking, as base64 of little-endian 32-bit numbers; five words a question. */
  answers: Record<keyof Predictions, string>;
}

/** A result with what a file says of it beside. */
export interface Brought {
  stored: Stored;
  tags: readonly string[];
}

/** The tokenizer of an entry's model, where it is still the one that is shipped. */
export const tokenizerOf = ({ name, sha256 }: { name: string; sha256: string }): string | null => {
  const model = modelOf(name);
  return model?.sha256 === sha256 ? model.tokenizerSha256 : null;
};

/**
 * One result as it goes into a file.
 *
 * @param layout how its probes lie
 */
export function toItem({ entry, predictions }: Stored, layout: Layout, tags: readonly string[]): Item {
  const { model, suite, template, recipe, report, backend, seconds, of, savedAt } = entry;
  const tokenizerSha256 = tokenizerOf(model);
  const result = makeResult({
    model: {
      ...model,
      family: familyIds.find((id) => id === model.family) ?? 'encoder',
      tokenizerSha256: tokenizerSha256 ?? '',
    },
    suite,
    probes: { template, relations: [...layout.relations], skipped: [...layout.skipped] },
    recipe,
    report,
    ranks: ranksByProbe(predictions.ranks, layout.order),
    backend,
    seconds,
  });
  return {
    // The key that it is kept under, whatever became of the model since.
    result: { ...result, key: entry.key },
    of,
    savedAt,
    tokenizerSha256,
    whole: { total: report.total, otherBytes: report.otherBytes },
    tags,
    answers: {
      ranks: toBase64(predictions.ranks),
      goldLogProbs: toBase64(predictions.goldLogProbs),
      topIds: toBase64(predictions.topIds),
      topLogProbs: toBase64(predictions.topLogProbs),
    },
  };
}

/** A file of results. A result a line, so that it can be looked at with any tool. */
export const writeFile = (items: readonly Item[], made: Date): Blob =>
  new Blob(
    [
      `{"format":"${fileFormat}","version":${fileVersion},"made":"${made.toISOString()}","results":[\n`,
      ...items.map((item, at) => `${JSON.stringify(item)}${at === items.length - 1 ? '' : ','}\n`),
      ']}\n',
    ],
    { type: 'application/json' },
  );

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/);
const count = z.int().nonnegative();

const envelopeSchema = z.object({
  format: z.literal(fileFormat),
  version: z.literal(fileVersion),
  results: z.array(z.unknown()).min(1).max(mostResults),
});

const itemSchema = z.object({
  result: z.object({
    key: hash,
    model: z.object({ name, sha256: hash, family: z.enum(familyIds), parameters: count }),
    suite: z.object({ name, sha256: hash }),
    template: z.enum(templateIds),
    recipe: z.array(z.unknown()),
    answers: z.literal('single-token'),
    probes: z.int().positive().max(mostAnswers),
    hits: count,
    report: sizeSchema.extend({ sites: z.array(sizeSchema.extend({ name: z.string().max(200) })).max(10_000) }),
    backend: z.string().max(200),
    seconds: z.number().nonnegative(),
  }),
  of: z.int().positive().max(mostAnswers),
  savedAt: z.number().nonnegative(),
  tokenizerSha256: hash.nullable(),
  whole: z.object({ total: sizeSchema, otherBytes: count }),
  tags: tagsSchema,
  answers: z.object({ ranks: z.string(), goldLogProbs: z.string(), topIds: z.string(), topLogProbs: z.string() }),
});

const badFile = (message: string, cause?: unknown) =>
  new LabError('bad-file', message, 'Nothing of it was taken. Export the results again where they come from.', {
    cause,
  });

/**
 * Reads a file of results. Everything in it is checked: it comes from anybody.
 *
 * @param layoutSize how many probes there are where that is known, by the key of the uncompressed model's result
 * @param onProgress results that are read, of how many
 * @throws LabError `bad-file` that names the first result that is wrong, and what
 */
export async function readFile(
  text: string,
  layoutSize: (key: string) => Promise<number | null>,
  onProgress: (done: number, of: number) => void = () => {},
): Promise<Brought[]> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw badFile('The file is no JSON, or was cut off.', cause);
  }
  const parsed = envelopeSchema.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw badFile(
      `The file holds no results of this lab, version ${fileVersion}: ${path.join('.') || 'it'}: ${message}.`,
    );
  }
  const { results } = parsed.data;
  const all: Brought[] = [];
  for (const [index, item] of results.entries()) {
    all.push(await readItem(item, `Result ${index + 1} of ${results.length}`, layoutSize));
    onProgress(index + 1, results.length);
    await breath();
  }
  return all;
}

async function readItem(
  input: unknown,
  where: string,
  layoutSize: (key: string) => Promise<number | null>,
): Promise<Brought> {
  const parsed = itemSchema.safeParse(input);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw badFile(`${where}: ${path.join('.') || 'it'}: ${message}.`);
  }
  const { result, of, savedAt, tokenizerSha256, whole, tags, answers } = parsed.data;
  const { key, model, suite, template, hits, probes: asked, backend, seconds } = result;
  const check = (isRight: boolean, what: string) => {
    if (!isRight) throw badFile(`${where}: ${what}.`);
  };
  let recipe: ReturnType<typeof parseRecipe>;
  try {
    recipe = parseRecipe(result.recipe);
  } catch (error) {
    throw badFile(`${where}: ${LabError.from(error).message}`, error);
  }
  check(asked <= of, `it has ${asked} answers to ${of} questions`);

  // What it is must be what its key says: nothing else can be found under it.
  const shipped = modelOf(model.name);
  const isShipped = shipped?.sha256 === model.sha256;
  const tokenizer = isShipped ? shipped.tokenizerSha256 : tokenizerSha256;
  if (isShipped)
    check(
      shipped.family === model.family && shipped.parameters === model.parameters,
      `it says other things of the model ${model.name} than this lab knows`,
    );
  if (tokenizer !== null) {
    const setting = { model: { sha256: model.sha256, tokenizerSha256: tokenizer }, suite, template };
    check(resultKey({ ...setting, recipe }) === key, 'its key does not belong to its model, questions and recipe');
    const known = await layoutSize(resultKey({ ...setting, recipe: [] }));
    check(known === null || known === of, `it has ${of} questions; this lab asks ${known}`);
  }

  const predictions: Predictions = {
    ranks: new Uint32Array(fromBase64(answers.ranks, asked, `${where}: answers.ranks`)),
    goldLogProbs: new Float32Array(fromBase64(answers.goldLogProbs, asked, `${where}: answers.goldLogProbs`)),
    topIds: new Uint32Array(fromBase64(answers.topIds, asked * keptWords, `${where}: answers.topIds`)),
    topLogProbs: new Float32Array(fromBase64(answers.topLogProbs, asked * keptWords, `${where}: answers.topLogProbs`)),
  };
  check(
    predictions.ranks.every((rank) => rank > 0),
    'one of its ranks is 0; the first is 1',
  );
  const isLogProb = (value: number) => value <= mostLogProb;
  check(
    predictions.goldLogProbs.every(isLogProb) && predictions.topLogProbs.every(isLogProb),
    'one of its log-probabilities is above 0, or no number',
  );
  const counted = predictions.ranks.reduce((sum, rank) => sum + (rank === 1 ? 1 : 0), 0);
  check(counted === hits, `it says ${hits} hits; its answers have ${counted}`);

  const { sites, ...touched } = result.report;
  const report = reportSchema.parse({ ...whole, sites, touched: sites.length === 0 ? null : touched });
  return {
    stored: {
      entry: { key, model, suite, template, recipe, asked, of, hits, report, backend, seconds, savedAt },
      predictions,
    },
    tags,
  };
}

/** Rounding leaves a certain answer a little above 0. */
const mostLogProb = 1e-3;

const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Swaps the bytes of each 32-bit number where this machine has them the other way round. */
function ordered(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (!isLittleEndian) for (let at = 0; at < bytes.length; at += 4) bytes.subarray(at, at + 4).reverse();
  return bytes;
}

/** So many letters go into one call. */
const chunk = 32_766;

function toBase64(values: Uint32Array | Float32Array): string {
  const bytes = ordered(new Uint8Array(values.slice().buffer as ArrayBuffer));
  let text = '';
  for (let at = 0; at < bytes.length; at += chunk)
    text += btoa(String.fromCharCode(...bytes.subarray(at, Math.min(bytes.length, at + chunk))));
  return text;
}

function fromBase64(text: string, numbers: number, where: string): ArrayBuffer {
  const wanted = numbers * 4;
  // Looked at before it is read: a damaged file may claim anything.
  const isSized = text.length === Math.ceil(wanted / 3) * 4;
  let binary = '';
  try {
    if (isSized) binary = atob(text);
  } catch (cause) {
    throw badFile(`${where} is no base64.`, cause);
  }
  if (binary.length !== wanted) throw badFile(`${where} has not ${numbers} numbers.`);
  return ordered(Uint8Array.from(binary, (letter) => letter.charCodeAt(0))).buffer;
}
