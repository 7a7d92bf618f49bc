import { boundedMean } from '../../../lab/metrics/bounded.ts';
import { wilson } from '../../../lab/metrics/interval.ts';
import { ranksByProbe } from '../../../lab/probe/predictions.ts';
import type { TaskId } from '../../../lab/suite/tasks/index.ts';
import { type Figure, few, type Split, splitBy } from '../../projection/groups.ts';
import type { LevelResult } from '../../projection/level-result.ts';
import { paired } from '../../projection/ratio.ts';
import type { ProbeLayout } from '../../storage/probe-layouts.ts';
import type { Vertical } from './axes.ts';
/** The questions that a line is about: one group of a split, or one task. */
export type ProbePart = { split: Split; id: string } | { split: 'task'; id: TaskId };

/** Ranks by probe, 0 where not asked: made once for each result. */
const ranksMade = new WeakMap<LevelResult, Uint32Array>();
function ranksOf(result: LevelResult, { order }: ProbeLayout): Uint32Array | null {
  const known = ranksMade.get(result);
  if (known) return known;
  if (!result.answers) return null;
  const ranks = ranksByProbe(result.answers.ranks, order);
  ranksMade.set(result, ranks);
  return ranks;
}

/** Which probes belong to a part: made once for each layout. */
const masks = new WeakMap<ProbeLayout, Map<string, Uint8Array>>();
function maskOf(layout: ProbeLayout, part: ProbePart): Uint8Array {
  const known = masks.get(layout) ?? new Map<string, Uint8Array>();
  masks.set(layout, known);
  const key = `${part.split} ${part.id}`;
  const before = known.get(key);
  if (before) return before;
  const mask = new Uint8Array(layout.order.length);
  if (part.split === 'task') {
    let first = 0;
    for (const { task, probes } of layout.relations) {
      if (task === part.id) mask.fill(1, first, first + probes);
      first += probes;
    }
  } else {
    const { groups, keys } = splitBy(part.split, layout);
    const group = keys.findIndex(({ id }) => id === part.id);
    groups.forEach((of, probe) => {
      if (group >= 0 && of === group) mask[probe] = 1;
    });
  }
  known.set(key, mask);
  return mask;
}

const tops: Readonly<Record<'p1' | 'p5' | 'p10', number>> = { p1: 1, p5: 5, p10: 10 };

/**
 * A point's height with its 95 % interval: P@k by Wilson, MRR as a bounded mean, what is kept as a ratio of paired
 * shares over the questions that both were asked.
 *
 * @param part the questions that count; null: all
 * @param baseline the uncompressed model, for what is kept
 * @returns null where nothing of it was asked yet, or nothing was known that a share could be of
 */
export function figureOf(
  result: LevelResult,
  layout: ProbeLayout,
  part: ProbePart | null,
  y: Vertical,
  baseline: LevelResult | null,
): Figure | null {
  const ranks = ranksOf(result, layout);
  const before = y === 'kept' && baseline ? ranksOf(baseline, layout) : null;
  if (!ranks || (y === 'kept' && !before)) return null;
  const mask = part && maskOf(layout, part);
  const top = y === 'mrr' || y === 'kept' ? 1 : tops[y];
  const pairs = { both: 0, before: 0, after: 0 };
  let [of, probes, hits, reciprocal] = [0, 0, 0, 0];
  ranks.forEach((rank, probe) => {
    if (mask && mask[probe] === 0) return;
    of++;
    if (rank === 0 || before?.[probe] === 0) return;
    probes++;
    reciprocal += 1 / rank;
    const isHit = rank <= top;
    if (isHit) hits++;
    if (!before) return;
    if (before[probe] === 1) pairs[isHit ? 'both' : 'before']++;
    else if (isHit) pairs.after++;
  });
  if (probes === 0) return null;
  const share =
    y === 'kept'
      ? paired(pairs)
      : y === 'mrr'
        ? boundedMean(reciprocal, probes)
        : { share: hits / probes, ...wilson(hits, probes) };
  return share && { ...share, probes, of, isFew: probes < few };
}
