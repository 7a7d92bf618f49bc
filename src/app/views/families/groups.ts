import { wilson } from '../../../lab/metrics/interval.ts';
import type { FamilyId } from '../../../lab/model/site.ts';
import { type Figure, few, type GroupKey, splitBy } from '../../projection/groups.ts';
import { hit, type LevelResult, unasked } from '../../projection/level-result.ts';
import { type Pairs, paired } from '../../projection/ratio.ts';
import { wordingWords } from '../../recipe/offers.ts';
import { suiteOf } from '../../shipped.ts';
import type { Grouping, Measure } from './families-choice.ts';
import type { KindResult, Track } from './families-store.ts';

/** Figures of all models for one group of questions. */
export interface Group {
  id: string;
  label: string;
  /** A property or a cardinality, where there is one. */
  note: string | null;
  figures: Partial<Record<FamilyId, Figure>>;
}

interface Tally extends Pairs {
  asked: number;
  of: number;
}

const emptyTally = (): Tally => ({ both: 0, before: 0, after: 0, asked: 0, of: 0 });

/** Counts outcomes before and after by group, over probes that both were asked; -1 is no group. */
function tally(baseline: LevelResult, level: LevelResult, groups: Int32Array, count: number): Tally[] {
  const tallies = Array.from({ length: count }, emptyTally);
  groups.forEach((group, probe) => {
    if (group < 0) return;
    const counts = tallies[group];
    counts.of++;
    const before = baseline.outcomes[probe];
    const now = level.outcomes[probe];
    if (before === unasked || now === unasked) return;
    counts.asked++;
    if (before === hit && now === hit) counts.both++;
    else if (before === hit) counts.before++;
    else if (now === hit) counts.after++;
  });
  return tallies;
}

/** @returns null where nothing was asked, or nothing was known that a share could be of */
function figureOf(counts: Tally, measure: Measure): Figure | null {
  const { both, after, asked, of } = counts;
  if (asked === 0) return null;
  const hits = both + after;
  const share = measure === 'absolute' ? { share: hits / asked, ...wilson(hits, asked) } : paired(counts);
  return share && { ...share, probes: asked, of, isFew: asked < few };
}

/** All questions together. */
export function figureFor(baseline: LevelResult | null, level: LevelResult | null, measure: Measure): Figure | null {
  if (!baseline || !level) return null;
  const [all] = tally(baseline, level, new Int32Array(level.outcomes.length), 1);
  return figureOf(all, measure);
}

/** Each model's figures by group, at a level. Groups follow in the order in which the first model has them. */
export function groupsOf(
  tracks: readonly Track[],
  level: number,
  grouping: Exclude<Grouping, 'kind'>,
  measure: Measure,
): Group[] {
  const found = new Map<string, Group>();
  for (const { family, layout, baseline, points } of tracks) {
    const result = points[level]?.result;
    if (!layout || !baseline || !result) continue;
    const { groups, keys } = splitBy(grouping, layout);
    tally(baseline, result, groups, keys.length).forEach((counts, index) => {
      add(found, keys[index], family, figureOf(counts, measure));
    });
  }
  return [...found.values()].filter(({ figures }) => Object.keys(figures).length > 0);
}

/** Each model's figures by kind of question: the wordings of facts, and every task by itself. */
export function kindsOf(
  tracks: readonly Track[],
  kinds: ReadonlyMap<string, readonly KindResult[]>,
  measure: Measure,
): Group[] {
  const found = new Map<string, Group>();
  for (const { family, model } of tracks)
    for (const { suite, template, layout, baseline, level } of kinds.get(model.id) ?? []) {
      const title = suiteOf(suite)?.title ?? suite;
      const isTasks = layout.relations.some(({ task }) => task !== null);
      const groups = new Int32Array(layout.order.length);
      let first = 0;
      layout.relations.forEach(({ probes }, relation) => {
        groups.fill(isTasks ? relation : 0, first, first + probes);
        first += probes;
      });
      const keys: GroupKey[] = isTasks
        ? layout.relations.map(({ id, label }) => ({ id: `${suite}/${id}`, label, note: id }))
        : [{ id: `${suite}/${template}`, label: `${title}: ${wordingWords[template].label}`, note: template }];
      tally(baseline, level, groups, keys.length).forEach((counts, index) => {
        add(found, keys[index], family, figureOf(counts, measure));
      });
    }
  return [...found.values()];
}

function add(found: Map<string, Group>, key: GroupKey, family: FamilyId, figure: Figure | null): void {
  const group = found.get(key.id) ?? { ...key, figures: {} };
  if (figure) group.figures[family] = figure;
  found.set(key.id, group);
}
