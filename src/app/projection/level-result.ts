import type { Report } from '../../lab/compress/size.ts';
import { wilson } from '../../lab/metrics/interval.ts';
import { type Summary, summarise } from '../../lab/metrics/summary.ts';
import { keptWords, type Predictions, ranksByProbe } from '../../lab/probe/predictions.ts';
import type { Result } from '../../lab/result/schema.ts';
import type { LinkedLevel, LinkedResults } from '../link/link-results.ts';

/** What became of a probe. */
export const unasked = 0;
export const missed = 1;
export const hit = 2;

type Relations = readonly { id: string; probes: number }[];

export interface RelationShare {
  hits: number;
  probes: number;
  of: number;
  share: number;
  low: number;
  high: number;
}

/** One level's result as the page shows it. */
export interface LevelResult {
  /** `computed` here and now, `kept` from an earlier visit, or brought by a `link`. */
  source: 'computed' | 'kept' | 'link';
  /** {@link unasked}, {@link missed} or {@link hit} for each probe number. */
  outcomes: Uint8Array;
  summary: Summary;
  /** P@1 of each relation that was asked, with its 95 % Wilson interval. */
  relationShares: Map<string, RelationShare>;
  sparsity: number;
  bitsPerWeight: number;
  /** Bytes of the whole model in the layout that suits each layer. */
  bytes: number;
  /** Where it was computed here: sizes and errors of every site, and the answers in the order of asking. */
  report: Report | null;
  answers: Predictions | null;
  backend: string | null;
  seconds: number | null;
}

const outcomesOf = (ranks: Uint32Array) =>
  Uint8Array.from(ranks, (rank) => (rank === 0 ? unasked : rank === 1 ? hit : missed));

function sharesOf({ relations }: Summary): Map<string, RelationShare> {
  return new Map(
    relations
      .filter(({ probes }) => probes > 0)
      .map(({ id, hits, probes, of }) => [id, { hits, probes, of, share: hits / probes, ...wilson(hits, probes) }]),
  );
}

/** A result from what is stored of it. */
export function levelFromStored(
  { entry, predictions }: Result,
  order: Uint32Array,
  relations: Relations,
  source: 'computed' | 'kept',
): LevelResult {
  const ranks = ranksByProbe(predictions.ranks, order);
  const { report } = entry;
  const summary = summarise(ranks, relations);
  const { sparsity, bitsPerWeight } = report.touched ?? report.total;
  return {
    source,
    outcomes: outcomesOf(ranks),
    summary,
    relationShares: sharesOf(summary),
    sparsity,
    bitsPerWeight,
    bytes: report.total.bytes.smallest,
    report,
    answers: predictions,
    backend: entry.backend,
    seconds: entry.seconds,
  };
}

/** Results cut to their first answers, made once for each. */
const firsts = new WeakMap<LevelResult, Map<number, LevelResult>>();

/**
 * A result as if only its first questions had been asked, so that two results are compared over the same questions.
 *
 * @param asked how many of the order; the result itself where it has no more, or its answers are not known
 */
export function firstAsked(result: LevelResult, asked: number, order: Uint32Array, relations: Relations): LevelResult {
  const { answers } = result;
  if (!answers || answers.ranks.length <= asked) return result;
  const made = firsts.get(result) ?? new Map<number, LevelResult>();
  firsts.set(result, made);
  const known = made.get(asked);
  if (known) return known;
  const ranks = ranksByProbe(answers.ranks.subarray(0, asked), order);
  const summary = summarise(ranks, relations);
  const first = { ...result, outcomes: outcomesOf(ranks), summary, relationShares: sharesOf(summary) };
  made.set(asked, first);
  return first;
}

/** A result from a link: hits are known, ranks are not. */
export function levelFromLink(level: LinkedLevel, { relations }: LinkedResults, order: Uint32Array): LevelResult {
  // Any rank that is no hit stands for a miss; what depends on the true rank comes from the link's own numbers.
  const ranks = ranksByProbe(
    Uint32Array.from(level.hit, (value) => (value === 1 ? 1 : 1000)),
    order,
  );
  const summary = summarise(ranks, relations);
  const { probes } = summary;
  const precision = summary.precision.map((entry) => {
    if (entry.k === 1) return entry;
    const hits = Math.min(probes, Math.max(summary.precision[0].hits, entry.k === 5 ? level.hits5 : level.hits10));
    return { k: entry.k, hits, share: probes === 0 ? 0 : hits / probes, ...wilson(hits, probes) };
  });
  return {
    source: 'link',
    outcomes: outcomesOf(ranks),
    summary: { ...summary, precision, mrr: level.mrr },
    relationShares: sharesOf(summary),
    sparsity: level.sparsity,
    bitsPerWeight: level.bitsPerWeight,
    bytes: level.bytes,
    report: null,
    answers: null,
    backend: null,
    seconds: null,
  };
}

/**
 * A result as it goes into a link.
 *
 * @param most the first so many answers alone
 * @returns null where a link brought more than these: how far the others were off is known of all together
 */
export function toLinked(
  result: LevelResult,
  level: number,
  order: Uint32Array,
  most = Number.POSITIVE_INFINITY,
): LinkedLevel | null {
  const { summary, outcomes, answers } = result;
  const asked = Math.min(summary.probes, most);
  if (asked < summary.probes && !answers) return null;
  const ranks = answers?.ranks.subarray(0, asked) ?? new Uint32Array();
  const upTo = (k: number) => ranks.reduce((hits, rank) => hits + (rank <= k ? 1 : 0), 0);
  const isWhole = asked === summary.probes;
  return {
    level,
    asked,
    hit: Uint8Array.from(order.subarray(0, asked), (probe) => (outcomes[probe] === hit ? 1 : 0)),
    hits5: isWhole ? summary.precision[1].hits : upTo(5),
    hits10: isWhole ? summary.precision[2].hits : upTo(10),
    mrr: isWhole ? summary.mrr : ranks.reduce((sum, rank) => sum + 1 / rank, 0) / asked,
    sparsity: result.sparsity,
    bitsPerWeight: result.bitsPerWeight,
    bytes: result.bytes,
  };
}

/** A curve's results as they go into a link, of each level the first `most` answers; null as in {@link toLinked}. */
export function toLinkedResults(
  header: Pick<LinkedResults, 'model' | 'suite' | 'relations'>,
  curve: { baseline: LevelResult; points: readonly { level: number; result: LevelResult | null }[] },
  order: Uint32Array,
  most?: number,
): LinkedResults | null {
  const baseline = toLinked(curve.baseline, 0, order, most);
  const levels = curve.points.flatMap(({ level, result }) => (result ? [toLinked(result, level, order, most)] : []));
  if (!baseline || levels.includes(null)) return null;
  return { ...header, baseline, levels: levels.filter((level) => level !== null) };
}

/** What a link said of a level, against what this browser computed for the same probes. */
export interface Comparison {
  level: number;
  label: string;
  /** Probes asked by both. */
  probes: number;
  linkHits: number;
  ownHits: number;
  /** Probes that hit in one and missed in the other. */
  different: number;
}

/** Compares two results of one level. */
export function compareOutcomes(link: LevelResult, own: LevelResult): Omit<Comparison, 'level' | 'label'> {
  let probes = 0;
  let linkHits = 0;
  let ownHits = 0;
  let different = 0;
  link.outcomes.forEach((theirs, probe) => {
    const ours = own.outcomes[probe];
    if (theirs === unasked || ours === unasked) return;
    probes++;
    if (theirs === hit) linkHits++;
    if (ours === hit) ownHits++;
    if (theirs !== ours) different++;
  });
  return { probes, linkHits, ownHits, different };
}

/** What is kept of one answer: a fact's highest words, or a choice's options with their log-likelihoods. */
export interface KeptAnswer {
  rank: number;
  goldLogProb: number;
  /** Falling. Numbers of words, or of options. */
  top: { id: number; logProb: number }[];
}

/**
 * The answer at a place of the order of asking.
 *
 * @returns null where it was not asked yet, or came by a link
 */
export function keptOf(result: LevelResult | null, place: number): KeptAnswer | null {
  const answers = result?.answers;
  if (!answers || place < 0 || place >= answers.ranks.length) return null;
  const { ranks, goldLogProbs, topIds, topLogProbs } = answers;
  const from = place * keptWords;
  const top = Array.from({ length: keptWords }, (_, k) => ({ id: topIds[from + k], logProb: topLogProbs[from + k] }));
  // A choice of fewer options leaves the rest at -Infinity.
  return {
    rank: ranks[place],
    goldLogProb: goldLogProbs[place],
    top: top.filter(({ logProb }) => logProb !== Number.NEGATIVE_INFINITY),
  };
}
