import { sha256 as hashOf } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import { deflateSync, Inflate } from 'fflate';
import { z } from 'zod';
import { sizeSchema } from '../compress/size.ts';
import { LabError } from '../errors.ts';
import type { AskedRelation } from '../probe/probes.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { hash } from './schema.ts';

/** What a reader of links knows by its hash, so that links need not say it. */
export interface Shipped {
  model: (sha256: string) => { title: string } | undefined;
  suite: (sha256: string) => ShippedSuite | undefined;
}

/** A suite's title, and its relations in its order. */
interface ShippedSuite {
  title: string;
  relations: readonly (readonly [id: string, label: string])[];
}

/** No relation of ours has more facts than this. */
const mostProbes = 20_000;

/** No results of ours unpack to more bytes than this, whatever a link claims. */
const mostUnpacked = 4_000_000;

const advice = 'Ask for the link again, copied as a whole; the lab shows its start page meanwhile.';

/** A link that cannot be read. */
export const badLink = (message: string, cause?: unknown) => new LabError('bad-link', message, advice, { cause });

const share = z.number().min(0).max(1);
const levelHeader = z.object({
  level: z.int().min(0).max(100),
  /** The first `asked` probes of the order were asked. */
  asked: z.int().positive().max(1_000_000),
  /** How many had the best accepted word among the 5 and 10 highest, and the mean of 1 / rank. */
  hits5: z.int().nonnegative(),
  hits10: z.int().nonnegative(),
  mrr: share,
  /** What the level came to, for the curve over size. */
  sparsity: sizeSchema.shape.sparsity,
  bitsPerWeight: sizeSchema.shape.bitsPerWeight,
  bytes: z.number().nonnegative(),
});
const titled = z.object({ sha256: hash, title: z.string().max(200) });
const header = z.object({
  /** Hash of the curve that the results belong to, so that a link edited by hand does not show them as another's. */
  curve: z.string(),
  model: titled,
  suite: titled,
  relations: z
    .array(
      z
        .tuple([z.string().max(100), z.string().max(100), z.int().positive().max(mostProbes)])
        .transform(([id, label, probes]) => ({ id, label, probes })),
    )
    .min(1)
    .max(1000),
  /** The uncompressed model's results and those of the curve's levels, as many as there are. */
  baseline: levelHeader,
  levels: z.array(levelHeader).max(100),
});
type Header = z.infer<typeof header>;

/** One level's results in a link. */
export type LinkedLevel = z.infer<typeof levelHeader> & {
  /** Whether each probe that was asked hit (1) or not (0), in the order of asking. */
  hit: Uint8Array;
};

/** A curve's results in a link. What else is known of a relation comes with the model. */
export type LinkedResults = Pick<Header, 'model' | 'suite'> & {
  relations: (Header['relations'][number] & Partial<AskedRelation>)[];
  baseline: LinkedLevel;
  levels: LinkedLevel[];
};

/** Parts of a whole are written as millionths, widths as ten-thousandths of a bit: finer than they are shown. */
const shareUnit = 1e6;
const bitsUnit = 1e4;

/** Version 1 has a 0 in this place: the high byte of a length that no header reaches. */
const version = 2;

/**
 * Packs results (version 2): [checksum, 4 bytes][2][curve, 8 bytes][model and suite: hash, 32 bytes, and title][relations]
 * [levels: numbers][hits of the baseline and the levels, one bit each, whole bytes]. Titles and relations' names are left
 * out where the lab ships them.
 */
export function pack(
  { model, suite, relations, baseline, levels }: LinkedResults,
  curve: string,
  shipped: Shipped,
): string {
  const writer = new ByteWriter().bytes(new Uint8Array(4)).number(version).bytes(hexToBytes(curve));
  const knownSuite = shipped.suite(suite.sha256);
  for (const [{ sha256, title }, known] of [
    [model, shipped.model(model.sha256)],
    [suite, knownSuite],
  ] as const) {
    const isKnown = title === known?.title;
    writer.bytes(hexToBytes(sha256)).number(isKnown ? 1 : 0);
    if (!isKnown) writer.text(title);
  }
  writeRelations(writer, relations, knownSuite);
  const all = [baseline, ...levels];
  writer.number(all.length);
  for (const level of all)
    writer
      .number(level.level)
      .number(level.asked)
      .number(level.hits5)
      .number(level.hits10)
      .number(Math.round(level.mrr * shareUnit))
      .number(Math.round(level.sparsity * shareUnit))
      .number(Math.round(level.bitsPerWeight * bitsUnit))
      .number(Math.round(level.bytes));
  all.forEach((level, index) => {
    writer.bytes(toBits(level.hit, index === 0 ? undefined : all[index - 1].hit));
  });
  const bytes = writer.done();
  bytes.set(checksum(bytes));
  return base64urlnopad.encode(deflateSync(bytes, { level: 9 }));
}

/** Relations by their place in the shipped suite, as steps from one to the next; otherwise by name. */
function writeRelations(writer: ByteWriter, relations: LinkedResults['relations'], suite?: ShippedSuite): void {
  const places = relations.map(
    ({ id, label }) => suite?.relations.findIndex((known) => known[0] === id && known[1] === label) ?? -1,
  );
  const isShipped = places.every((place) => place >= 0);
  writer.number(relations.length).number(isShipped ? 1 : 0);
  relations.forEach(({ id, label }, index) => {
    const of = suite?.relations.length ?? 0;
    // Usually 0: the next one.
    if (isShipped) writer.number((places[index] - (places[index - 1] ?? -1) - 1 + of) % of);
    else writer.text(id).text(label);
  });
  for (const { probes } of relations) writer.number(probes);
}

/** Deflate has no checksum: one wrong letter in a link would show wrong results. */
const checksum = (bytes: Uint8Array) => hashOf(bytes.subarray(4)).subarray(0, 4);

/** One bit per probe, as the difference from the level before: neighbours are alike, and equal bits pack well. */
function toBits(hit: Uint8Array, before?: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(hit.length / 8));
  hit.forEach((value, index) => {
    if (value !== (before?.[index] ?? 0)) bits[index >> 3] |= 1 << (index & 7);
  });
  return bits;
}

/**
 * Unpacks and checks results, whatever version packed them.
 *
 * @param curve hash of the curve that the link names
 * @throws LabError `bad-link`
 */
export function unpack(text: string, curve: string, shipped: Shipped): LinkedResults {
  const bytes = inflate(text);
  if (bytes.length < 8) throw badLink('The link’s results are damaged: they end too early.');
  if (checksum(bytes).some((byte, at) => byte !== bytes[at])) throw badLink('The link’s results are damaged.');
  const read = bytes[4] === 0 ? readFirst : bytes[4] === version ? readSecond : null;
  if (!read)
    throw new LabError(
      'bad-link',
      'The link’s results were packed by a newer version of this lab.',
      'Reload the page to get the newest version, and open the link again.',
    );
  const reader = new ByteReader(bytes, 5, misfit);
  const parsed = header.safeParse(read(reader, shipped));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw badLink(`The link’s results cannot be read: ${issue.path.join('.')}: ${issue.message}.`);
  }
  const { relations, baseline, levels, model, suite } = parsed.data;
  if (parsed.data.curve !== curve) throw badLink('The link’s results were computed with other settings than it names.');
  const total = relations.reduce((sum, { probes }) => sum + probes, 0);
  let before: Uint8Array | undefined;
  const [first, ...rest] = [baseline, ...levels].map((level): LinkedLevel => {
    if (level.asked > total) throw misfit();
    const hit = fromBits(reader.bytes(Math.ceil(level.asked / 8)), level.asked, before);
    before = hit;
    return { ...level, hit };
  });
  if (!reader.isAtEnd) throw misfit();
  return { model, suite, relations, baseline: first, levels: rest };
}

export const misfit = () => badLink('The link’s results are damaged: they do not fit their own description.');

/** The header of version 1: [length of the header, 4 bytes][header, JSON]. */
function readFirst(reader: ByteReader): unknown {
  // The first of the four is the 0 by which the version is known.
  const [a, b, c] = reader.bytes(3);
  const json = new TextDecoder().decode(reader.bytes((a << 16) | (b << 8) | c));
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw badLink('The link’s results are damaged.', cause);
  }
}

/** The header of version 2, in the form of version 1. */
function readSecond(reader: ByteReader, shipped: Shipped): z.input<typeof header> {
  const curve = bytesToHex(reader.bytes(8));
  const [model, suite] = [shipped.model, shipped.suite].map((find) => {
    const sha256 = bytesToHex(reader.bytes(32));
    // What is no longer shipped has no name here.
    return { sha256, title: reader.number() === 1 ? (find(sha256)?.title ?? 'not shipped any more') : reader.text() };
  });
  const relations = readRelations(reader, shipped.suite(suite.sha256));
  const count = reader.count();
  const [baseline, ...levels] = Array.from({ length: count }, () => ({
    level: reader.number(),
    asked: reader.number(),
    hits5: reader.number(),
    hits10: reader.number(),
    mrr: reader.number() / shareUnit,
    sparsity: reader.number() / shareUnit,
    bitsPerWeight: reader.number() / bitsUnit,
    bytes: reader.number(),
  }));
  return { curve, model, suite, relations, baseline, levels };
}

function readRelations(reader: ByteReader, suite?: ShippedSuite): [id: string, label: string, probes: number][] {
  const count = reader.count();
  const isShipped = reader.number() === 1;
  let place = -1;
  const names = Array.from({ length: count }, (_, index): readonly [string, string] => {
    if (!isShipped) return [reader.text(), reader.text()];
    const of = suite?.relations.length ?? Number.MAX_SAFE_INTEGER;
    place = (place + 1 + reader.number()) % of;
    return suite?.relations[place] ?? [`relation-${index + 1}`, `Relation ${index + 1}`];
  });
  return names.map(([id, label]) => [id, label, reader.number()]);
}

function fromBits(bits: Uint8Array, count: number, before?: Uint8Array): Uint8Array {
  return Uint8Array.from(
    { length: count },
    (_, index) => ((bits[index >> 3] >> (index & 7)) & 1) ^ (before?.[index] ?? 0),
  );
}

/** Unpacks in chunks, so that a few bytes cannot grow to fill the memory. @throws LabError `bad-link` */
export function inflate(text: string): Uint8Array {
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
