import { describe, expect, it } from 'vitest';
import { applyRecipe, parseRecipe } from '../compress/recipe.ts';
import { wilson } from '../metrics/interval.ts';
import { emptyPredictions } from '../probe/predictions.ts';
import { makeMatrix } from '../test/matrices.ts';
import { answersOf, type JsonExtras, toJson } from './json.ts';
import { resultKey } from './key.ts';
import { makeResult } from './result.ts';
import { resultSchema } from './schema.ts';

const weights = [
  makeMatrix([[1, -2, 3, 4]], 'encoder.0.attention.query'),
  makeMatrix([[5, 6, 7, 8]], 'head.decoder', { kind: 'decoder' }),
].map(({ site, values }) => ({ site, values }));

const setting = {
  model: { name: 'tiny', sha256: 'a1', tokenizerSha256: 'b2', family: 'encoder' as const, parameters: 18 },
  suite: { name: 'facts', sha256: 'c3' },
  template: 'paraphrase' as const,
};
const probes = {
  relations: [
    { id: 'capital', probes: 3 },
    { id: 'causes', probes: 2 },
  ],
  order: Uint32Array.of(0, 2, 4, 1, 3),
  skipped: [{ reason: 'the answer is not in the model’s vocabulary', count: 7 }],
};

/** A result of two questions, of which the first is a hit. */
function makeOne(steps: unknown, answers?: 'any') {
  const recipe = parseRecipe(steps);
  const predictions = emptyPredictions(2);
  predictions.ranks.set([1, 4]);
  return makeResult(
    { ...setting, recipe, answers },
    {
      predictions,
      of: 5,
      report: applyRecipe(weights, recipe, { otherBytes: 20 }).report,
      backend: 'WebAssembly, 2 threads',
      seconds: 1.5,
      savedAt: 1000,
    },
  );
}
const jsonOf = (steps: unknown, extras?: JsonExtras) => toJson(makeOne(steps), probes, extras);
const steps = [{ method: 'magnitude-global', scope: 'overall', sparsity: 0.5 }];

describe('makeResult', () => {
  it('counts what was asked and what hit, and says what of', () => {
    const { entry } = makeOne(steps);
    const { tokenizerSha256: _, ...model } = setting.model;
    expect(entry).toMatchObject({ ...setting, model, recipe: steps, asked: 2, of: 5, hits: 1, seconds: 1.5 });
    expect(entry.model).toEqual(model);
  });

  it('makes what the schema takes', () => {
    const result = makeOne(steps);
    expect(resultSchema.parse(result)).toEqual(result);
  });

  it('files a result under the key of its setting', () => {
    const { key, recipe } = makeOne(steps).entry;
    expect(key).toBe(resultKey({ ...setting, recipe }));
    expect(makeOne([]).entry.key).not.toBe(key);
    expect(makeOne(steps, 'any').entry.key).not.toBe(key);
  });
});

describe('toJson', () => {
  it('says what was asked of whom, and what came out', () => {
    expect(jsonOf(steps)).toMatchObject({
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

  it('leaves relations out that were not asked', () => expect(jsonOf(steps).relations).toEqual({ capital: [1, 2] }));

  it('reports the weights that the recipe touched, and the whole model beside them', () => {
    const { report } = jsonOf(steps);
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
    const { report, recipe } = jsonOf([]);
    expect(recipe).toEqual([]);
    expect(report).toMatchObject({ parameters: 8, zeros: 0, sparsity: 0, snrDb: null, mse: 0, sites: [] });
  });

  it('says which answers count', () => {
    expect(jsonOf([]).answers).toBe('single-token');
    expect(jsonOf([], { answers: 'any' }).answers).toBe('any');
  });

  it('holds the harness’s numbers of tasks and all answers where they are given, and no such entries otherwise', () => {
    const tasks = { piqa: { n: 2, acc: 0.5, accStderr: 0.5 } };
    const kept = answersOf(makeOne([]), null);
    expect(jsonOf([], { tasks, kept })).toMatchObject({ tasks, kept: { of: 5, savedAt: 1000, tokenizerSha256: null } });
    expect(Object.keys(jsonOf([]))).toEqual(
      Object.keys(jsonOf([], { tasks, kept })).filter((name) => name !== 'tasks' && name !== 'kept'),
    );
  });

  it('is plain JSON', () => {
    const result = jsonOf(steps);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });
});
