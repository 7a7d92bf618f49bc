import type { Recipe } from '../lab/compress/recipe.ts';
import type { SiteReconstruction } from '../lab/compress/reconstruction.ts';
import type { SiteSize } from '../lab/compress/size.ts';
import type { Site } from '../lab/model/site.ts';

/** What comes out of the layers of one compressed model, compared with what came out before. */
export interface Measured {
  /** The key of the recipe's result, and that of the uncompressed model's: model, suite and wording. */
  key: string;
  baseline: string;
  recipe: Recipe;
  sites: ReadonlyMap<string, SiteReconstruction>;
}

/** One layer: what became of its weights, and of what comes out of it where that was measured. */
export interface LayerRow {
  name: string;
  site: Site | undefined;
  size: SiteSize;
  output: SiteReconstruction | null;
}

/** The layers that a recipe touched, in the model's order. */
export function layerRows(
  sizes: readonly SiteSize[],
  sites: readonly Site[],
  measured: Pick<Measured, 'sites'> | undefined,
): LayerRow[] {
  return sizes.map((size) => ({
    name: size.name,
    site: sites.find(({ name }) => name === size.name),
    size,
    output: measured?.sites.get(size.name) ?? null,
  }));
}

/** The mean of the layers' relative output errors. */
export function meanError({ sites }: Pick<Measured, 'sites'>): number {
  const errors = [...sites.values()].map(({ relativeError }) => relativeError);
  return errors.length === 0 ? 0 : errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

/** One recipe: what its layers lost, and what the model forgot. */
export interface Forecast {
  key: string;
  recipe: Recipe;
  /** What the curve calls it; null where it is not on it. */
  label: string | null;
  snrDb: number | null;
  /** Null where it was not measured. */
  outputError: number | null;
  /** Accuracy less than the uncompressed model's, as a share of the questions that both were asked, and their number. */
  lost: number;
  asked: number;
}

/** What is known of a recipe's result: the rank of the right answer in the order of asking. */
type Known = (key: string) => { ranks: Uint32Array; snrDb: number | null } | null;

/**
 * All that shows how layers' errors and forgetting go together: the levels of a curve, and what else was measured with
 * the same model and questions, the smallest error of weights first.
 */
export function forecasts(
  curve: readonly { key: string; recipe: Recipe; label: string }[],
  measured: ReadonlyMap<string, Measured>,
  baseline: string,
  known: Known,
): Forecast[] {
  const before = known(baseline);
  if (!before) return [];
  const others = [...measured.values()].filter((entry) => entry.baseline === baseline);
  const all = new Map<string, Pick<Forecast, 'recipe' | 'label'>>();
  for (const { key, recipe } of others) all.set(key, { recipe, label: null });
  for (const { key, recipe, label } of curve) all.set(key, { recipe, label });
  all.delete(baseline);
  const rows = [...all].flatMap(([key, { recipe, label }]): Forecast[] => {
    const found = known(key);
    // Of a sample only the same questions are compared.
    const asked = Math.min(before.ranks.length, found?.ranks.length ?? 0);
    if (!found || asked === 0) return [];
    const hits = (ranks: Uint32Array) => ranks.subarray(0, asked).reduce((sum, rank) => sum + (rank === 1 ? 1 : 0), 0);
    const entry = measured.get(key);
    return [
      {
        key,
        recipe,
        label,
        snrDb: found.snrDb,
        outputError: entry ? meanError(entry) : null,
        lost: (hits(before.ranks) - hits(found.ranks)) / asked,
        asked,
      },
    ];
  });
  return rows.sort((a, b) => (b.snrDb ?? Number.POSITIVE_INFINITY) - (a.snrDb ?? Number.POSITIVE_INFINITY));
}
