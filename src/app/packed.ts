import { sha256 as hashOf } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import { deflateSync, Inflate } from 'fflate';
import { z } from 'zod';
import { LabError } from '../lab/errors.ts';
import type { AskedRelation } from '../lab/probe/probes.ts';

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

/** What a link says of a relation; what else is known of one comes with the model. */
export type LinkedRelation = Pick<AskedRelation, 'id' | 'label' | 'probes'> & Partial<AskedRelation>;

/** Results within a link. */
export interface LinkedResults {
  model: { sha256: string; title: string };
  suite: { sha256: string; title: string };
  relations: LinkedRelation[];
  /** The uncompressed model's and those of the curve's levels, as many as were there. */
  baseline: LinkedLevel;
  levels: LinkedLevel[];
}

/** More facts than this no relation of ours has. */
const mostProbes = 20_000;

/** More than this is no result of ours, whatever a link says it unpacks to. */
const mostUnpacked = 4_000_000;

const advice = 'Ask for the link again, copied as a whole; the lab shows its start page meanwhile.';

/** A link that cannot be read. */
export const badLink = (message: string, cause?: unknown) => new LabError('bad-link', message, advice, { cause });

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

/**
 * Packs results: [checksum, 4 bytes][length of the header, 4 bytes][header, JSON][hits of the baseline and the levels, one bit each,
 * whole bytes].
 */
export function pack({ model, suite, relations, baseline, levels }: LinkedResults, curve: string): string {
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

/** Unpacks and checks results. @throws LabError `bad-link` */
export function unpack(text: string, curve: string): LinkedResults {
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
