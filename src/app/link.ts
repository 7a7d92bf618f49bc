import { sha256 as hashOf } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import { deflateSync, Inflate } from 'fflate';
import { z } from 'zod';
import { isMethodId, type MethodId } from '../lab/compress/index.ts';
import { parseRecipe } from '../lab/compress/recipe.ts';
import { LabError } from '../lab/errors.ts';
import { templateIds } from '../lab/probe/suite.ts';
import { type Choice, curveId, defaultChoice, levelsOf, recipeAt } from './curve.ts';

/** What a link shows beside the controls' choice. */
export interface View {
  relation: string | null;
  probe: number | null;
}

/** One level's results as they travel in a link. */
export interface LinkedLevel {
  level: number;
  /** The first so many probes of the order were asked. */
  asked: number;
  /** Whether each of them hit, in the order of asking. */
  hit: Uint8Array;
  /** How many had the best accepted word among the 5 and 10 highest, and the mean of 1 / rank. */
  hits5: number;
  hits10: number;
  mrr: number;
  /** What the level came to, for the curve over size. */
  sparsity: number;
  bitsPerWeight: number;
  bytes: number;
}

/** Results within a link. */
export interface LinkedResults {
  model: { sha256: string; title: string };
  suite: { sha256: string; title: string };
  relations: { id: string; label: string; probes: number }[];
  /** The uncompressed model's and those of the curve's levels, as many as were there. */
  baseline: LinkedLevel;
  levels: LinkedLevel[];
}

/** Longer links are refused before anything is unpacked: browsers and chat programs cut them anyway. */
export const longestLink = 64_000;

/** More facts than this no relation of ours has. */
const mostProbes = 20_000;

/** More than this is no result of ours, whatever a link says it unpacks to. */
const mostUnpacked = 4_000_000;

const advice = 'Ask for the link again, copied as a whole; the lab shows its start page meanwhile.';
const badLink = (message: string, cause?: unknown) => new LabError('bad-link', message, advice, { cause });

const name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/);
const stepSchema = z.strictObject({
  method: z.custom<MethodId>((value) => isMethodId(value), 'is no method of this lab'),
  scope: z.string().default('overall'),
  params: z.record(z.string(), z.union([z.number(), z.string()])).default({}),
  level: z.int().nonnegative().default(0),
});
const stateSchema = z.object({
  model: name.default(defaultChoice.model),
  suite: name.default(defaultChoice.suite),
  template: z.enum(templateIds).default(defaultChoice.template),
  steps: z.array(stepSchema).min(1).max(4).default(defaultChoice.steps),
  axis: z.coerce.number().int().nonnegative().default(0),
  relation: z.string().max(100).nullable().default(null),
  probe: z.coerce.number().int().nonnegative().nullable().default(null),
});

const share = z.number().min(0).max(1);
const levelHeader = z.object({
  level: z.int().min(0).max(100),
  asked: z.int().positive().max(1_000_000),
  hits5: z.int().nonnegative(),
  hits10: z.int().nonnegative(),
  mrr: share,
  sparsity: share,
  bitsPerWeight: z.number().nonnegative(),
  bytes: z.number().nonnegative(),
});
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const headerSchema = z.object({
  v: z.literal(1),
  /** Which curve the results belong to, so that a link edited by hand does not show them as another's. */
  curve: z.string(),
  model: z.object({ sha256, title: z.string().max(200) }),
  suite: z.object({ sha256, title: z.string().max(200) }),
  relations: z
    .array(z.tuple([z.string().max(100), z.string().max(100), z.int().positive().max(mostProbes)]))
    .min(1)
    .max(1000),
  baseline: levelHeader,
  levels: z.array(levelHeader).max(100),
});

/** The fragment of a link (without `#`): readable choices, and packed results where they are given. */
export function writeLink(choice: Choice, view: View, results?: LinkedResults): string {
  const fields = new URLSearchParams({
    model: choice.model,
    suite: choice.suite,
    template: choice.template,
    steps: JSON.stringify(choice.steps),
    axis: String(choice.axis),
  });
  if (view.relation !== null) fields.set('relation', view.relation);
  if (view.probe !== null) fields.set('probe', String(view.probe));
  if (results) fields.set('results', pack(results, curveHash(choice)));
  return fields.toString();
}

/**
 * Reads a link's fragment. Every part of it is checked: it comes from anybody.
 *
 * @param fragment with or without `#`; an empty one gives the start page's choice
 * @throws LabError `bad-link` that says what is wrong
 */
export function readLink(fragment: string): { choice: Choice; view: View; results: LinkedResults | null } {
  if (fragment.length > longestLink)
    throw badLink(`The link has ${fragment.length} characters; the longest that this lab makes has ${longestLink}.`);
  const fields = Object.fromEntries(new URLSearchParams(fragment.replace(/^#/, '')));
  const parsed = stateSchema.safeParse({ ...fields, ...(fields.steps && { steps: parseSteps(fields.steps) }) });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw badLink(`The link cannot be read: ${issue.path.join('.')}: ${issue.message}.`);
  }
  const { relation, probe, ...choice } = parsed.data;
  checkChoice(choice);
  const results = fields.results === undefined ? null : unpack(fields.results, curveHash(choice));
  const most = levelsOf(choice.steps[choice.axis].method).length;
  if (results?.levels.some(({ level }) => level >= most)) throw badLink('The link’s results are for other levels.');
  return { choice, view: { relation, probe }, results };
}

/** A curve's identity in few letters. */
const curveHash = (choice: Choice) => bytesToHex(hashOf(utf8ToBytes(curveId(choice)))).slice(0, 16);

function parseSteps(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw badLink('The link is damaged: its steps cannot be read.', cause);
  }
}

/** Checks what the schema cannot: levels that exist, and parameters that their methods take. */
function checkChoice(choice: Choice): void {
  if (choice.axis >= choice.steps.length)
    throw badLink(`The link’s curve runs over step ${choice.axis + 1}, which is not there.`);
  for (const { method, level } of choice.steps)
    if (level >= levelsOf(method).length)
      throw badLink(`The link names a level ${level} that ${method} does not have.`);
  try {
    // Those that the sliders override, too.
    parseRecipe(choice.steps.map(({ method, scope, params }) => ({ ...params, method, scope })));
    recipeAt({ ...choice, steps: choice.steps.map((step) => ({ ...step, level: Math.max(1, step.level) })) }, 1);
  } catch (error) {
    throw badLink(`The link’s recipe is not possible. ${LabError.from(error).message}`, error);
  }
}

/**
 * [checksum, 4 bytes][length of the header, 4 bytes][header, JSON][hits of the baseline and the levels, one bit each,
 * whole bytes].
 */
function pack({ model, suite, relations, baseline, levels }: LinkedResults, curve: string): string {
  const header = new TextEncoder().encode(
    JSON.stringify({
      v: 1,
      curve,
      model,
      suite,
      relations: relations.map(({ id, label, probes }) => [id, label, probes]),
      baseline: { ...baseline, hit: undefined },
      levels: levels.map((level) => ({ ...level, hit: undefined })),
    }),
  );
  const all = [baseline, ...levels];
  const parts = all.map((level, index) => toBits(level.hit, index === 0 ? undefined : all[index - 1].hit));
  const bytes = concatBytes(new Uint8Array(8), header, ...parts);
  new DataView(bytes.buffer).setUint32(4, header.length);
  bytes.set(checksum(bytes));
  return base64urlnopad.encode(deflateSync(bytes, { level: 9 }));
}

/** Deflate has none of its own: one wrong letter in a link would show wrong results. */
const checksum = (bytes: Uint8Array) => hashOf(bytes.subarray(4)).subarray(0, 4);

/** One bit a probe, as the difference from the level before: neighbours are alike, and equal bits pack well. */
function toBits(hit: Uint8Array, before?: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(hit.length / 8));
  hit.forEach((value, index) => {
    if (value !== (before?.[index] ?? 0)) bits[index >> 3] |= 1 << (index & 7);
  });
  return bits;
}

function unpack(text: string, curve: string): LinkedResults {
  const bytes = inflate(text);
  const end =
    bytes.length < 8 ? Number.POSITIVE_INFINITY : 8 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(4);
  if (end > bytes.length) throw badLink('The link’s results are damaged: they end too early.');
  if (checksum(bytes).some((byte, at) => byte !== bytes[at])) throw badLink('The link’s results are damaged.');
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes.subarray(8, end)));
  } catch (cause) {
    throw badLink('The link’s results are damaged.', cause);
  }
  const parsed = headerSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw badLink(`The link’s results cannot be read: ${issue.path.join('.')}: ${issue.message}.`);
  }
  const { relations, baseline, levels, model, suite } = parsed.data;
  if (parsed.data.curve !== curve) throw badLink('The link’s results were computed with other settings than it names.');
  const total = relations.reduce((sum, [, , probes]) => sum + probes, 0);
  let at = end;
  let before: Uint8Array | undefined;
  const misfit = () => badLink('The link’s results are damaged: they do not fit their own description.');
  const [first, ...rest] = [baseline, ...levels].map((level): LinkedLevel => {
    const length = Math.ceil(level.asked / 8);
    if (level.asked > total || at + length > bytes.length) throw misfit();
    const hit = fromBits(bytes.subarray(at, at + length), level.asked, before);
    at += length;
    before = hit;
    return { ...level, hit };
  });
  if (at !== bytes.length) throw misfit();
  return {
    model,
    suite,
    relations: relations.map(([id, label, probes]) => ({ id, label, probes })),
    baseline: first,
    levels: rest,
  };
}

function fromBits(bits: Uint8Array, count: number, before?: Uint8Array): Uint8Array {
  return Uint8Array.from(
    { length: count },
    (_, index) => ((bits[index >> 3] >> (index & 7)) & 1) ^ (before?.[index] ?? 0),
  );
}

/** Unpacks piece by piece, so that a few bytes cannot grow to fill the memory. */
function inflate(text: string): Uint8Array {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let finished = false;
  try {
    const inflater = new Inflate((chunk, final) => {
      size += chunk.length;
      if (size > mostUnpacked) throw badLink('The link’s results unpack to more than any result is.');
      chunks.push(chunk);
      finished ||= final;
    });
    const packed = base64urlnopad.decode(text);
    for (let at = 0; at < packed.length; at += 1024)
      inflater.push(packed.subarray(at, at + 1024), at + 1024 >= packed.length);
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw badLink('The link’s results are damaged.', error);
  }
  if (!finished) throw badLink('The link’s results are damaged: they end too early.');
  return concatBytes(...chunks);
}
