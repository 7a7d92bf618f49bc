import { z } from 'zod';
import { answersOf, areNames, badFile, type ProbeOrder, toJson } from './json.ts';
import { engineRevision } from './key.ts';
import { hash, type Result } from './schema.ts';

/** What marks files of results; the version rises when their form changes. */
const fileFormat = 'lossy-results';
const fileVersion = 1;

const mostResults = 20_000;

/** The most tags that a result has, and the longest tag in letters. */
export const mostTags = 20;
export const longestTag = 40;

/** The tags of a result. */
export const tagsSchema = z.array(z.string().trim().min(1).max(longestTag)).max(mostTags);

/** A result with the tags that its reader gave it. */
export interface TaggedResult {
  result: Result;
  tags: readonly string[];
}

/** One result as it stands in a file. */
export function fileItem({ result, tags }: TaggedResult, probes: ProbeOrder, tokenizerSha256: string | null) {
  const { answers, ...kept } = answersOf(result, tokenizerSha256);
  return { result: toJson(result, probes), ...kept, tags, answers };
}

/** The parts of a file of results, in order. Each result has a line, so that any tool can look at it. */
export const fileParts = (items: readonly ReturnType<typeof fileItem>[], made: Date): string[] => [
  `{"format":"${fileFormat}","version":${fileVersion},"made":"${made.toISOString()}","results":[\n`,
  ...items.map((item, at) => `${JSON.stringify(item)}${at === items.length - 1 ? '' : ','}\n`),
  ']}\n',
];

const fileSchema = z.object({
  format: z.literal(fileFormat),
  version: z.literal(fileVersion),
  results: z.array(z.looseObject({})).min(1).max(mostResults),
});

const named = z.looseObject({ name: z.string(), sha256: hash });
/** What tells a result of the command line, or a line of a study, from other JSON. */
export const lineSchema = z.looseObject({
  key: hash,
  status: z.enum(['done', 'failed']).optional(),
  model: named,
  suite: named,
});
const printedSchema = lineSchema.extend({
  answers: z.enum(['single-token', 'any']),
  engine: z.int().optional(),
  kept: z.record(z.string(), z.unknown()).optional(),
});

/** Why a result of the command line is left out. */
export const leftOutReasons = ['alone', 'failed', 'several', 'revision', 'names', 'half'] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

/** A result that was found in a file; `input` is for `fromJson` to check. */
export interface FoundResult {
  /** What it is called in messages. */
  where: string;
  input: object;
  tags: readonly string[];
}

/**
 * Finds the results of a file: the Library's own, or what the command line prints (`lab run --json`) and a study
 * collects (a result a line).
 *
 * @returns in the file's order; a reason in place of a result that is left out
 * @throws LabError `bad-file`
 */
export function findResults(text: string): (FoundResult | LeftOutReason)[] {
  const json = parseJson(text);
  if (json === undefined) return findLines(text);
  const printed = printedSchema.safeParse(json);
  if (printed.success) return [findPrinted(printed.data, 'The result')];
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success)
    throw badFile(`The file holds no results of this lab, version ${fileVersion}: ${firstIssue(parsed.error)}.`);
  const { results } = parsed.data;
  return results.map((input, index) => {
    const where = `Result ${index + 1} of ${results.length}`;
    const tags = tagsSchema.safeParse(input.tags);
    if (!tags.success) throw badFile(`${where}: tags: ${tags.error.issues[0].message}.`);
    return { where, input, tags: tags.data };
  });
}

/** Undefined where it is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const firstIssue = ({ issues: [{ path, message }] }: z.ZodError) => `${path.join('.') || 'it'}: ${message}`;

/** The results of a study's file, a line each. A study that was killed may have left half a line at its end. */
function findLines(text: string): (FoundResult | LeftOutReason)[] {
  const lines = text.split('\n');
  const found = lines.flatMap((line, index): (FoundResult | LeftOutReason)[] => {
    if (line.trim() === '') return [];
    const json = parseJson(line);
    // A single half line is no study.
    if (json === undefined && index === lines.length - 1 && index > 0) return ['half'];
    if (json === undefined) throw badFile(`The file is no JSON, or was cut off: line ${index + 1} cannot be read.`);
    const printed = printedSchema.safeParse(json);
    if (!printed.success) throw badFile(`Line ${index + 1} is no result of this lab: ${firstIssue(printed.error)}.`);
    return [findPrinted(printed.data, `Line ${index + 1}`)];
  });
  if (found.length > mostResults)
    throw badFile(`The file has ${found.length} results; ${mostResults} are read at most.`);
  return found;
}

/** A result as the command line prints it; or why a page cannot keep it. */
function findPrinted({ kept, ...result }: z.infer<typeof printedSchema>, where: string): FoundResult | LeftOutReason {
  if (result.status === 'failed') return 'failed';
  if (result.answers === 'any') return 'several';
  if (result.engine !== undefined && result.engine !== engineRevision) return 'revision';
  if (kept === undefined) return 'alone';
  if (!areNames(result.model.name, result.suite.name)) return 'names';
  return { where, input: { ...kept, result }, tags: [] };
}
