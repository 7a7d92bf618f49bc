import { describe, expect, it } from 'vitest';
import { applyRecipe, parseRecipe } from '../../../lab/compress/recipe.ts';
import type { SiteReconstruction } from '../../../lab/compress/reconstruction.ts';
import { makeSite } from '../../../lab/test/matrices.ts';
import { lossOf } from './cells.ts';
import type { CellState } from './layers-store.ts';
import { agreementOf, errorOf, forecastsOf, layerRows, meanError } from './rows.ts';

const output = (site: string, relativeError: number): SiteReconstruction => ({
  site,
  relativeError,
  varianceShare: 2 * relativeError,
  snrDb: null,
});
const outputs = (...errors: number[]) => new Map(errors.map((error, at) => [`${at}`, output(`${at}`, error)]));

const site = makeSite('a', 1, 2);
/** Of 1 and 2 the first goes: a fifth of the squares is error. */
const { report } = applyRecipe(
  [{ site, values: Float32Array.of(1, 2) }],
  parseRecipe([{ method: 'magnitude-global', sparsity: 0.5 }]),
);

const cell = (more: Partial<CellState> = {}): CellState => ({
  scope: 'block-1',
  row: 'block-1',
  column: 'block',
  grain: 'block',
  parameters: 2,
  key: 'k',
  recipe: [],
  problem: null,
  loss: lossOf(Uint32Array.of(1, 1), Uint32Array.of(1, 2)),
  report,
  outputs: null,
  ...more,
});

describe('layerRows', () => {
  it('has every touched layer with its site, and what was measured there', () => {
    const [row, ...others] = layerRows(report.sites, [site], new Map([['a', output('a', 0.25)]]));
    expect(others).toEqual([]);
    expect(row).toMatchObject({ name: 'a', site, size: { zeros: 1 }, output: { relativeError: 0.25 } });
    expect(layerRows(report.sites, [], null)).toMatchObject([{ name: 'a', site: undefined, output: null }]);
  });
});

describe('the error of a part', () => {
  it('is noise to signal of its weights, or the mean over its layers’ outputs', () => {
    expect(errorOf(cell(), 'weights')).toBeCloseTo(0.2, 6);
    expect(errorOf(cell({ outputs: outputs(0.25, 0.75) }), 'outputs')).toBe(0.5);
    expect(meanError(new Map())).toBe(0);
  });

  it('is not known before it was asked or measured, and none where nothing changed', () => {
    expect(errorOf(cell({ report: null }), 'weights')).toBeNull();
    expect(errorOf(cell(), 'outputs')).toBeNull();
    expect(errorOf(cell({ report: { ...report, touched: null } }), 'weights')).toBe(0);
  });
});

describe('forecasts', () => {
  it('are of parts that were asked and whose error is a number', () => {
    const cells = [
      cell({ outputs: outputs(0.5) }),
      cell({ outputs: outputs(Number.POSITIVE_INFINITY) }),
      cell({ loss: null, outputs: outputs(0.5) }),
      cell(),
    ];
    expect(forecastsOf(cells, 'outputs')).toEqual([{ cell: cells[0], error: 0.5, lost: 0.5 }]);
    expect(forecastsOf(cells, 'weights')).toHaveLength(3);
  });

  it('agree as far as their orders do, with how many they are', () => {
    const made = [0.1, 0.2, 0.3].map((error, at) => ({ cell: cell(), error, lost: [0.5, 0.6, 0.4][at] }));
    expect(agreementOf(made)).toEqual({ rho: expect.closeTo(-0.5, 12), n: 3 });
    expect(agreementOf(made.slice(1))).toBeNull();
  });
});
