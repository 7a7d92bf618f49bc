import type { Recipe } from '../../../lab/compress/recipe.ts';
import { type Interval, wilson } from '../../../lab/metrics/interval.ts';
import { paretoFront } from '../../../lab/metrics/pareto.ts';
import { hit, type LevelResult, unasked } from '../../projection/level-result.ts';
import type { DecideChoice, LayoutId } from './decide-choice.ts';

/** Below this many facts that the uncompressed model knows, a share says little. */
export const few = 100;

/** A kept result beside the uncompressed model's. */
export interface Offer extends Interval {
  key: string;
  recipe: Recipe;
  /** Bytes of the whole model in the chosen layout. */
  bytes: number;
  /** Of the facts that the uncompressed model knows, the share that is left, over n of them. */
  kept: number;
  n: number;
  /** How many facts were asked, of how many. */
  asked: number;
  of: number;
  isFew: boolean;
  /** What it is made of: a mark of its own for each. */
  kind: 'none' | 'removed' | 'rounded' | 'mixed';
  onFront: boolean;
}

/** What is left of the facts that the uncompressed model knows, over those that both were asked. */
export function keptShare(before: LevelResult, after: LevelResult): ({ kept: number; n: number } & Interval) | null {
  let n = 0;
  let left = 0;
  before.outcomes.forEach((outcome, probe) => {
    if (outcome !== hit || after.outcomes[probe] === unasked) return;
    n++;
    if (after.outcomes[probe] === hit) left++;
  });
  return n === 0 ? null : { kept: left / n, n, ...wilson(left, n) };
}

/** Puts results beside the uncompressed model's, with the Pareto front marked, by rising size. */
export function offersOf(
  baseline: LevelResult,
  found: readonly { key: string; recipe: Recipe; result: LevelResult }[],
  layout: LayoutId,
  kindOf: (recipe: Recipe) => Offer['kind'],
): Offer[] {
  const offers = found.flatMap(({ key, recipe, result }): Offer[] => {
    const share = keptShare(baseline, result);
    const bytes = result.report?.total.bytes[layout];
    if (!share || bytes === undefined) return [];
    const { probes: asked, of } = result.summary;
    return [{ key, recipe, bytes, ...share, asked, of, isFew: share.n < few, kind: kindOf(recipe), onFront: false }];
  });
  const front = new Set(
    paretoFront(offers.map((offer) => ({ key: offer.key, cost: offer.bytes, worth: offer.kept }))).map(
      ({ key }) => key,
    ),
  );
  return offers
    .map((offer) => ({ ...offer, onFront: front.has(offer.key) }))
    .sort((a, b) => a.bytes - b.bytes || b.kept - a.kept);
}

/** What to take within the limits. */
export type Decision =
  | { status: 'nothing' }
  /** `isCertain`: its whole interval keeps the limit. */
  | { status: 'take'; offer: Offer; isCertain: boolean; certain: Offer | null }
  /** Nothing keeps both: what is nearest to each. */
  | { status: 'none'; smallEnough: Offer | null; goodEnough: Offer | null };

type Limits = Pick<DecideChoice, 'megabytes' | 'loss' | 'goal'>;

const bytesOf = ({ megabytes }: Limits) => megabytes * 1e6;
/** The least share that has to be left; rounding must not exclude a share that is exactly this. */
const leastOf = ({ loss }: Limits) => 1 - loss / 100 - 1e-9;

/**
 * The offer to take: within the limits the smallest, or the one that keeps most. Where its interval reaches below the
 * limit, the best one that is certain is named beside it.
 */
export function decide(offers: readonly Offer[], limits: Limits): Decision {
  if (offers.length === 0) return { status: 'nothing' };
  const isSmall = ({ bytes }: Offer) => bytes <= bytesOf(limits);
  const isGood = ({ kept }: Offer) => kept >= leastOf(limits);
  const isCertain = ({ low }: Offer) => low >= leastOf(limits);
  const smallest = (list: readonly Offer[]) =>
    [...list].sort((a, b) => a.bytes - b.bytes || b.kept - a.kept)[0] ?? null;
  const best = (list: readonly Offer[]) => [...list].sort((a, b) => b.kept - a.kept || a.bytes - b.bytes)[0] ?? null;
  const pick = limits.goal === 'smallest' ? smallest : best;
  const allowed = offers.filter((offer) => isSmall(offer) && isGood(offer));
  const offer = pick(allowed);
  if (!offer)
    return { status: 'none', smallEnough: best(offers.filter(isSmall)), goodEnough: smallest(offers.filter(isGood)) };
  return { status: 'take', offer, isCertain: isCertain(offer), certain: pick(allowed.filter(isCertain)) };
}
