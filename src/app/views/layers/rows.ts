import type { SiteReconstruction } from '../../../lab/compress/reconstruction.ts';
import type { SiteSize } from '../../../lab/compress/size.ts';
import { spearman } from '../../../lab/metrics/rank-correlation.ts';
import type { Site } from '../../../lab/model/site.ts';
import type { LayerErrorKind } from './layers-choice.ts';
import type { CellState } from './layers-store.ts';

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
  outputs: ReadonlyMap<string, SiteReconstruction> | null,
): LayerRow[] {
  return sizes.map((size) => ({
    name: size.name,
    site: sites.find(({ name }) => name === size.name),
    size,
    output: outputs?.get(size.name) ?? null,
  }));
}

/** The mean of the layers' relative output errors. */
export function meanError(outputs: ReadonlyMap<string, SiteReconstruction>): number {
  const errors = [...outputs.values()].map(({ relativeError }) => relativeError);
  return errors.length === 0 ? 0 : errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

/**
 * The error that compressing a part makes: of its weights as noise to signal (Σ (w - w')² / Σ w², what SNR is the
 * logarithm of), or of its outputs. Null where it is not known.
 */
export function errorOf(
  { report, outputs }: Pick<CellState, 'report' | 'outputs'>,
  kind: LayerErrorKind,
): number | null {
  if (kind === 'outputs') return outputs && meanError(outputs);
  if (!report) return null;
  const snr = report.touched?.snrDb ?? null;
  return snr === null ? 0 : 10 ** (-snr / 10);
}

/** A part that was asked and whose error is known. */
export interface Forecast {
  cell: CellState;
  error: number;
  lost: number;
}

/** What is known of how a part's error and the forgetting go together. */
export function forecastsOf(cells: readonly CellState[], kind: LayerErrorKind): Forecast[] {
  return cells.flatMap((cell) => {
    const error = errorOf(cell, kind);
    return error === null || !cell.loss || !Number.isFinite(error) ? [] : [{ cell, error, lost: cell.loss.share }];
  });
}

/** Spearman's rank correlation of error and loss, and over how many parts; null where that says nothing. */
export function agreementOf(forecasts: readonly Forecast[]): { rho: number; n: number } | null {
  const rho = spearman(forecasts.map(({ error, lost }) => [error, lost] as const));
  return rho === null ? null : { rho, n: forecasts.length };
}
