import { describe, expect, it } from 'vitest';
import { applyRecipe, parseRecipe } from '../compress/recipe.ts';
import { wilson } from '../metrics/interval.ts';
import { makeMatrix } from '../test/matrices.ts';
import { resultKey } from './key.ts';
import { makeResult } from './result.ts';

const weights = [
  makeMatrix([[1, -2, 3, 4]], 'encoder.0.attention.query'),
  makeMatrix([[5, 6, 7, 8]], 'head.decoder', { kind: 'decoder' }),
].map(({ site, values }) => ({ site, values }));

const setting = {
  model: { name: 'tiny', sha256: 'a1', tokenizerSha256: 'b2', family: 'encoder' as const, parameters: 18 },
  suite: { name: 'facts', sha256: 'c3' },
  probes: {
    template: 'paraphrase' as const,
    relations: [
      { id: 'capital', label: 'Capital', probes: 3, property: 'P36', cardinality: null, task: null },
      { id: 'causes', label: 'Causes', probes: 2, property: null, cardinality: null, task: null },
    ],
    skipped: [{ reason: 'the answer is not in the model’s vocabulary', count: 7 }],
  },
  ranks: Uint32Array.of(1, 0, 4, 0, 0),
  backend: 'WebAssembly, 2 threads',
  seconds: 1.5,
};
const resultOf = (steps: unknown) => {
  const recipe = parseRecipe(steps);
  return makeResult({ ...setting, recipe, report: applyRecipe(weights, recipe, { otherBytes: 20 }).report });
};

describe('makeResult', () => {
  const steps = [{ method: 'magnitude-global', scope: 'overall', sparsity: 0.5 }];

  it('says what was asked of whom, and what came out', () => {
    expect(resultOf(steps)).toMatchObject({
      model: { name: 'tiny', sha256: 'a1', family: 'encoder', parameters: 18 },
      suite: { name: 'facts', sha256: 'c3' },
      template: 'paraphrase',
      recipe: steps,
      answers: 'single-token',
      skipped: [{ reason: 'the answer is not in the model’s vocabulary', count: 7 }],
      probes: 2,
      hits: 1,
      accuracy: 0.5,
      interval: [wilson(1, 2).low, wilson(1, 2).high],
      precision: [
        { k: 1, hits: 1 },
        { k: 5, hits: 2 },
        { k: 10, hits: 2 },
      ],
      mrr: 0.625,
      relations: { capital: [1, 2] },
      backend: 'WebAssembly, 2 threads',
      seconds: 1.5,
    });
  });

  it('leaves relations out that were not asked', () => expect(resultOf(steps).relations).toEqual({ capital: [1, 2] }));

  it('reports the weights that the recipe touched, and the whole model beside them', () => {
    const { report } = resultOf(steps);
    // Of 1, -2, 3, 4 the two smallest go: 5 of 30 in squares, and half a weight of float16 each in the bitmap.
    expect(report).toMatchObject({
      parameters: 4,
      zeros: 2,
      sparsity: 0.5,
      bitsPerWeight: 16,
      mse: 5 / 4,
      bytes: { dense: 8, bitmap: Math.ceil((4 + 2 * 16) / 8) },
      model: { parameters: 8, sparsity: 0.25, bytes: { dense: 8 + 8 + 20 } },
    });
    expect(report.snrDb).toBeCloseTo(10 * Math.log10(30 / 5), 6);
    expect(report.sites.map(({ name }) => name)).toEqual(['encoder.0.attention.query']);
  });

  it('reports all sites of the uncompressed model', () => {
    const { report, recipe } = resultOf([]);
    expect(recipe).toEqual([]);
    expect(report).toMatchObject({ parameters: 8, zeros: 0, sparsity: 0, snrDb: null, mse: 0, sites: [] });
  });

  it('stands under the key of its setting', () => {
    const { key, recipe } = resultOf(steps);
    expect(key).toBe(resultKey({ ...setting, template: 'paraphrase', recipe }));
    expect(resultOf([]).key).not.toBe(key);
  });

  it('says which answers count, and stands under a key of its own for others', () => {
    const report = applyRecipe(weights, [], { otherBytes: 20 }).report;
    const any = makeResult({ ...setting, recipe: [], report, answers: 'any' });
    expect(any.answers).toBe('any');
    expect(any.key).not.toBe(resultOf([]).key);
  });

  it('holds the harness’s numbers of tasks, and no such entry for facts', () => {
    const report = applyRecipe(weights, [], { otherBytes: 20 }).report;
    const tasks = { piqa: { n: 2, acc: 0.5, accStderr: 0.5 } };
    expect(makeResult({ ...setting, recipe: [], report, tasks }).tasks).toEqual(tasks);
    expect(resultOf([])).not.toHaveProperty('tasks');
  });

  it('is plain JSON', () => {
    const result = resultOf(steps);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });
});
