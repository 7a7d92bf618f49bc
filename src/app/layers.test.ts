import { describe, expect, it } from 'vitest';
import { makeSite } from '../lab/compress/fixture.ts';
import { applyRecipe, parseRecipe } from '../lab/compress/recipe.ts';
import type { SiteReconstruction } from '../lab/compress/reconstruction.ts';
import { forecasts, layerRows, type Measured, meanError } from './layers.ts';

const recipeOf = (sparsity: number) => parseRecipe([{ method: 'magnitude-global', sparsity }]);

const output = (site: string, relativeError: number): SiteReconstruction => ({
  site,
  relativeError,
  varianceShare: 2 * relativeError,
  snrDb: null,
});

const measured = (key: string, baseline: string, errors: readonly number[]): Measured => ({
  key,
  baseline,
  recipe: recipeOf(0.5),
  sites: new Map(errors.map((error, at) => [`site ${at}`, output(`site ${at}`, error)])),
});

describe('layerRows', () => {
  it('has every touched layer with its site, and what was measured there', () => {
    const site = makeSite('a', 1, 2);
    const { report } = applyRecipe([{ site, values: Float32Array.of(1, 2) }], recipeOf(0.5));
    const [row, ...others] = layerRows(report.sites, [site], { sites: new Map([['a', output('a', 0.25)]]) });
    expect(others).toEqual([]);
    expect(row).toMatchObject({ name: 'a', site, size: { zeros: 1 }, output: { relativeError: 0.25 } });
    expect(layerRows(report.sites, [], undefined)).toMatchObject([{ name: 'a', site: undefined, output: null }]);
  });
});

describe('meanError', () => {
  it('is the mean over layers', () => {
    expect(meanError(measured('k', 'b', [0.25, 0.75]))).toBe(0.5);
    expect(meanError(measured('k', 'b', []))).toBe(0);
  });
});

describe('forecasts', () => {
  const answers: Record<string, { ranks: Uint32Array; snrDb: number | null }> = {
    before: { ranks: Uint32Array.of(1, 1, 1, 4), snrDb: null },
    mild: { ranks: Uint32Array.of(1, 1, 1, 1), snrDb: 20 },
    strong: { ranks: Uint32Array.of(1, 2), snrDb: 3 },
    other: { ranks: Uint32Array.of(3, 3, 3, 3), snrDb: 9 },
    elsewhere: { ranks: Uint32Array.of(1), snrDb: 1 },
  };
  const known = (key: string) => answers[key] ?? null;
  const curve = ['before', 'strong', 'mild', 'unknown'].map((key) => ({
    key,
    recipe: recipeOf(0.3),
    label: `at ${key}`,
  }));
  const all = new Map([
    ['strong', measured('strong', 'before', [0.5])],
    ['other', measured('other', 'before', [0.1])],
    ['elsewhere', measured('elsewhere', 'another model', [0.1])],
  ]);

  it('sets errors beside losses, the smallest error of weights first', () => {
    expect(
      forecasts(curve, all, 'before', known).map(({ key, label, snrDb, outputError, lost, asked }) => [
        key,
        label,
        snrDb,
        outputError,
        lost,
        asked,
      ]),
    ).toEqual([
      // One more is right than before.
      ['mild', 'at mild', 20, null, -0.25, 4],
      // Measured, and not on this curve.
      ['other', null, 9, 0.1, 0.75, 4],
      // Of two answers the uncompressed model knew both.
      ['strong', 'at strong', 3, 0.5, 0.5, 2],
    ]);
  });

  it('says nothing before the uncompressed model was asked', () => {
    expect(forecasts(curve, all, 'not asked', known)).toEqual([]);
  });
});
