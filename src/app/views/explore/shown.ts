import type { ProbeList } from '../../../../workers/api.ts';
import type { Recipe } from '../../../lab/compress/recipe.ts';
import { stratifiedOrder } from '../../../lab/probe/order.ts';
import { resultKey } from '../../../lab/result/key.ts';
import type { LinkedResults } from '../../link/link-results.ts';
import { type LevelResult, levelFromLink, levelFromStored } from '../../projection/level-result.ts';
import { curveOf } from '../../recipe/curve.ts';
import { results } from '../../run/shared.ts';
import { type CurvePoint, useLab } from './explore-store.ts';

const set = useLab.setState;
const get = useLab.getState;

/** The key of a recipe's result with what is open. */
export function keyOf(recipe: Recipe): string | null {
  const { opened, choice } = get();
  return opened ? resultKey({ ...opened, template: choice.template, recipe }) : null;
}

function resultOf(recipe: Recipe, probes: ProbeList): LevelResult | null {
  const key = keyOf(recipe);
  const found = key === null ? undefined : results.get(key);
  return found ? levelFromStored(found.stored, probes.order, probes.relations, found.source) : null;
}

/** A link's results as the page shows them. */
export function linkedPoints(linked: LinkedResults) {
  const order = stratifiedOrder(linked.relations.map((relation) => relation.probes));
  return {
    baseline: levelFromLink(linked.baseline, linked, order),
    levels: new Map(linked.levels.map((level) => [level.level, levelFromLink(level, linked, order)])),
  };
}

/** Brings the shown curve up to date with the choice; results that are known stay on it. */
export function layOut(): void {
  const { choice, probes, link } = get();
  const fromLink = link && !link.comparisons ? linkedPoints(link.results) : null;
  const result = (recipe: Recipe, level: number | null): LevelResult | null =>
    (probes && resultOf(recipe, probes)) ?? (level === null ? fromLink?.baseline : fromLink?.levels.get(level)) ?? null;
  set({
    baseline: { recipe: [], result: result([], null) },
    points: curveOf(choice).map((point) => ({ ...point, result: result(point.recipe, point.level) })),
  });
}

/** Puts new results where they belong, and leaves the rest of the page alone. */
export function show(keys: ReadonlySet<string>): void {
  const { probes, baseline, points } = get();
  if (!probes) return;
  const made = new Map<string, LevelResult>();
  /** What a recipe is shown with now; undefined where nothing is new. */
  const newOf = (recipe: Recipe): LevelResult | undefined => {
    const key = keyOf(recipe);
    const found = key !== null && keys.has(key) ? results.get(key) : undefined;
    if (key === null || !found) return;
    const result = made.get(key) ?? levelFromStored(found.stored, probes.order, probes.relations, found.source);
    made.set(key, result);
    return result;
  };
  const before = newOf(baseline.recipe);
  const now = points.map((point): CurvePoint => {
    const result = newOf(point.recipe);
    return result ? { ...point, result } : point;
  });
  if (made.size > 0) set({ baseline: before ? { ...baseline, result: before } : baseline, points: now });
}

/** Another tab saved more of a result. */
export async function refresh(key: string): Promise<void> {
  const { baseline, points } = get();
  if (![baseline, ...points].some(({ recipe }) => keyOf(recipe) === key)) return;
  await results.read(key);
  show(new Set([key]));
}

/** Reads what is kept of the curve, and shows it. */
export async function readCurve(): Promise<void> {
  const { points } = get();
  const keys = new Set([[], ...points.map((point) => point.recipe)].map(keyOf).filter((key) => key !== null));
  await Promise.all([...keys].map((key) => results.read(key)));
  layOut();
}
