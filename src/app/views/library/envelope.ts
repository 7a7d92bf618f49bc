import { z } from 'zod';
import { parseRecipe } from '../../../lab/compress/recipe.ts';
import { LabError } from '../../../lab/errors.ts';
import { familyIds } from '../../../lab/family/index.ts';
import { keptWords, type Predictions } from '../../../lab/probe/predictions.ts';
import { answersToText, type Kept, numbersFromText } from '../../../lab/result/kept.ts';
import { engineRevision, resultKey } from '../../../lab/result/key.ts';
import { makeResult, type Result } from '../../../lab/result/result.ts';
import { wordingIds } from '../../../lab/suite/suite.ts';
import { ranksByProbe } from '../../chunks.ts';
import { modelOf } from '../../shipped.ts';
import type { ProbeLayout } from '../../storage/probe-layouts.ts';
import { reportSchema, type Stored, sizeSchema } from '../../storage/result-cache.ts';
import { yieldToPage } from '../../yield-to-page.ts';
import { tagsSchema } from './tags.ts';

/** How files of results are marked; the version rises when their form changes. */
export const fileFormat = 'lossy-results';
export const fileVersion = 1;

/** Larger files are refused before they are read: the page would not survive them. */
export const largestFile = 512 * 2 ** 20;
const mostResults = 20_000;
const mostAnswers = 5_000_000;

/** One result in a file: the command line's shape, and what else this lab keeps of it. */
interface Item extends Kept {
  result: Result;
  tags: readonly string[];
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
export function toItem({ entry, predictions }: Stored, layout: ProbeLayout, tags: readonly string[]): Item {
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
    answers: answersToText(predictions),
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
  results: z.array(z.record(z.string(), z.unknown())).min(1).max(mostResults),
});

/** What tells a result of the command line, and whether it can be kept here; the rest is checked as in a file of results. */
const named = z.looseObject({ name: z.string() });
const lineSchema = z.looseObject({
  key: hash,
  status: z.enum(['done', 'failed']).optional(),
  model: named,
  suite: named,
  answers: z.enum(['single-token', 'any']),
  engine: z.int().optional(),
  kept: z.record(z.string(), z.unknown()).optional(),
});

const itemSchema = z.object({
  result: z.object({
    key: hash,
    model: z.object({ name, sha256: hash, family: z.enum(familyIds), parameters: count }),
    suite: z.object({ name, sha256: hash }),
    template: z.enum(wordingIds),
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

/** Why a result of the command line is left out. */
export const leftOutReasons = ['alone', 'failed', 'several', 'revision', 'names', 'half'] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

/** What a file holds. */
export interface FileContent {
  brought: Brought[];
  /** How many results were left out, by reason. */
  leftOut: Partial<Record<LeftOutReason, number>>;
}

/**
 * Reads a file of results: this lab's own, or what the command line prints (`lab run --json`) and a study collects (a
 * result a line). Everything in it is checked: it comes from anybody.
 *
 * @param layoutSize how many probes there are where that is known, by the key of the uncompressed model's result
 * @param onProgress results that are read, of how many
 * @throws LabError `bad-file` that names the first result that is wrong, and what
 */
export async function readFile(
  text: string,
  layoutSize: (key: string) => Promise<number | null>,
  onProgress: (done: number, of: number) => void = () => {},
): Promise<FileContent> {
  const content: FileContent = { brought: [], leftOut: {} };
  const items = itemsOf(text);
  for (const [index, { where, item }] of items.entries()) {
    if (typeof item === 'string') content.leftOut[item] = (content.leftOut[item] ?? 0) + 1;
    else content.brought.push(await readItem(item, where, layoutSize));
    onProgress(index + 1, items.length);
    await yieldToPage();
  }
  return content;
}

/** A result of a file, still to be checked; or why it is left out. */
interface Found {
  /** What it is called in messages. */
  where: string;
  item: LeftOutReason | object;
}

function itemsOf(text: string): Found[] {
  const json = parseJson(text);
  if (json === undefined) return linesOf(text);
  const line = lineSchema.safeParse(json);
  if (line.success) return [{ where: 'The result', item: itemOfLine(line.data) }];
  const parsed = envelopeSchema.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw badFile(
      `The file holds no results of this lab, version ${fileVersion}: ${path.join('.') || 'it'}: ${message}.`,
    );
  }
  const { results } = parsed.data;
  return results.map((item, index) => ({ where: `Result ${index + 1} of ${results.length}`, item }));
}

/** Undefined where it is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The results of a study's file, a line each. A study that was killed may have left half a line at its end. */
function linesOf(text: string): Found[] {
  const lines = text.split('\n');
  const last = lines.length - 1;
  const found = lines.flatMap((line, index): Found[] => {
    if (line.trim() === '') return [];
    const where = `Line ${index + 1}`;
    const json = parseJson(line);
    // A single half line is no study.
    if (json === undefined && index === last && index > 0) return [{ where, item: 'half' }];
    if (json === undefined)
      throw badFile(`The file is no JSON, or was cut off: ${where.toLowerCase()} cannot be read.`);
    const parsed = lineSchema.safeParse(json);
    if (parsed.success) return [{ where, item: itemOfLine(parsed.data) }];
    const { path, message } = parsed.error.issues[0];
    throw badFile(`${where} is no result of this lab: ${path.join('.') || 'it'}: ${message}.`);
  });
  if (found.length > mostResults)
    throw badFile(`The file has ${found.length} results; ${mostResults} are read at most.`);
  return found;
}

/** A result of the command line as one of this lab's own files; or why this page cannot keep it. */
function itemOfLine({ kept, ...result }: z.infer<typeof lineSchema>): Found['item'] {
  if (result.status === 'failed') return 'failed';
  if (result.answers === 'any') return 'several';
  if (result.engine !== undefined && result.engine !== engineRevision) return 'revision';
  if (kept === undefined) return 'alone';
  if (!name.safeParse(result.model.name).success || !name.safeParse(result.suite.name).success) return 'names';
  return { ...kept, result, tags: [] };
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

  const numbersOf = (what: keyof Predictions, each = 1): ArrayBuffer => {
    const numbers = numbersFromText(answers[what], asked * each);
    if (!numbers) throw badFile(`${where}: answers.${what} has not ${asked * each} numbers, or is no base64.`);
    return numbers;
  };
  const predictions: Predictions = {
    ranks: new Uint32Array(numbersOf('ranks')),
    goldLogProbs: new Float32Array(numbersOf('goldLogProbs')),
    topIds: new Uint32Array(numbersOf('topIds', keptWords)),
    topLogProbs: new Float32Array(numbersOf('topLogProbs', keptWords)),
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
