import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { magnitudeGlobal } from '../compress/methods/magnitude-global.ts';
import { parseRecipe } from '../compress/recipe.ts';
import { LabError } from '../errors.ts';
import { resultKey } from './key.ts';
import { parsePlan, runsOf, shardOf } from './plan.ts';

const parse = (changes: object) =>
  parsePlan(JSON.stringify({ models: ['tiny'], suite: 'facts', recipes: [[]], ...changes }), 'plan.json');
const recipesOf = (...recipes: unknown[]) => parse({ recipes }).recipes;

describe('parsePlan', () => {
  it('fills in what is not given', () => {
    expect(parse({})).toEqual({
      models: ['tiny'],
      suite: 'facts',
      answers: 'single-token',
      recipes: [[]],
      probes: null,
    });
  });

  it('makes recipes complete', () => {
    const steps = [{ method: 'rtn', bits: 4 }];
    expect(recipesOf(steps, [])).toEqual([parseRecipe(steps), []]);
  });

  it('writes a grid out, the last step’s levels changing first', () => {
    const prune = { method: 'magnitude-global', scopes: ['attention', 'mlp'], levels: [0.2, 0.35] };
    const recipes = recipesOf({ grid: [prune, { method: 'rtn', levels: [8, 4], granularity: 'group-32' }] });
    expect(
      recipes.map(([first, second]) => [first.scope, first.method === 'magnitude-global' && first.sparsity, second]),
    ).toEqual(
      ['attention', 'mlp'].flatMap((scope) =>
        [0.2, 0.35].flatMap((sparsity) =>
          [8, 4].map((bits) => [scope, sparsity, parseRecipe([{ method: 'rtn', bits, granularity: 'group-32' }])[0]]),
        ),
      ),
    );
  });

  it('takes all levels of an axis', () => {
    const recipes = recipesOf({ grid: [{ method: 'magnitude-global', levels: 'axis' }] });
    expect(recipes).toEqual(
      magnitudeGlobal.axis.levels.map(({ params }) => parseRecipe([{ method: 'magnitude-global', ...params }])),
    );
  });

  it('takes levels of several parameters by name, or by their value', () => {
    const recipes = recipesOf({ grid: [{ method: 'magnitude-n-m', levels: [0.5, { n: 3, m: 8 }] }] });
    expect(recipes).toMatchObject([[{ n: 2, m: 4 }], [{ n: 3, m: 8 }]]);
  });

  it('takes a step without levels and scopes as it is', () => {
    const step = { method: 'magnitude-row', scope: 'mlp', sparsity: 0.3 };
    expect(recipesOf({ grid: [step] })).toEqual([parseRecipe([step])]);
  });

  const grid = (step: object) => ({ recipes: [[], { grid: [{ method: 'magnitude-global', ...step }] }] });
  it.each<[string, object, string]>([
    ['an unknown entry', { model: 'tiny' }, 'Unrecognized key: "model"'],
    ['no models', { models: [] }, 'plan.json: models: '],
    ['an unknown wording', { templates: ['both'] }, 'plan.json: templates.0: '],
    ['half a probe', { probes: 0.5 }, 'plan.json: probes: '],
    ['a recipe that is none', { recipes: ['rtn'] }, 'plan.json, recipes.0: the file: allowed is a recipe'],
    ['an unknown method', { recipes: [[{ method: 'gzip' }]] }, 'plan.json, recipes.0: Step 1: method is "gzip"'],
    ['an unknown method in a grid', grid({ method: 'gzip', levels: 'axis' }), 'recipes.1: Step 1: method is "gzip"'],
    ['an unknown scope', grid({ scopes: ['all'] }), 'recipes.1: Step 1 (magnitude-global): scope is "all"'],
    ['a level out of range', grid({ levels: [1.5] }), 'recipes.1: Step 1 (magnitude-global): sparsity is 1.5'],
    ['a misspelt entry', grid({ level: [0.5] }), 'has no parameter "level"'],
    ['levels of another kind', grid({ levels: 'all' }), 'grid.0.levels: allowed is "axis"'],
    [
      'a level of other parameters',
      grid({ levels: [{ bits: 4 }] }),
      'has no level {"bits":4}; its axis has {"sparsity":0.1} (10 %)',
    ],
    ['a parameter that levels set', grid({ levels: 'axis', sparsity: 0.5 }), 'has both levels and sparsity'],
    ['scope and scopes', grid({ scope: 'mlp', scopes: ['mlp'] }), 'has both scope and scopes'],
  ])('refuses %s', (_, changes, message) => {
    expect(() => parse(changes)).toThrow(LabError);
    expect(() => parse(changes)).toThrow(message);
  });

  it('refuses what is no JSON', () => expect(() => parsePlan('{', 'plan.json')).toThrow('plan.json is no JSON.'));
});

const models = ['a', 'b'].map((name) => ({ name, sha256: `${name}1`, tokenizerSha256: `${name}2` }));
const suite = { sha256: 'c3', wordings: ['seen' as const, 'paraphrase' as const] };

describe('runsOf', () => {
  const plan = parse({
    templates: ['seen', 'paraphrase'],
    recipes: [[], { grid: [{ method: 'magnitude-global', levels: [0.5, 0.6] }] }],
  });

  it('asks every model in every wording after every recipe, under the key of the result', () => {
    const runs = runsOf(plan, models, suite);
    expect(runs.map(({ model, template, recipe }) => [model.name, recipe.length, template])).toEqual(
      ['a', 'b'].flatMap((name) =>
        [0, 1, 1].flatMap((steps) => ['seen', 'paraphrase'].map((template) => [name, steps, template])),
      ),
    );
    for (const { key, ...run } of runs) expect(key).toBe(resultKey({ ...run, suite }));
  });

  it('has a run once, however often the plan names it', () => {
    const twice = { ...plan, recipes: [...plan.recipes, parseRecipe([{ method: 'magnitude-global' }])] };
    expect(runsOf(twice, [...models, models[0]], suite)).toEqual(runsOf(plan, models, suite));
  });

  it('asks in the suite’s first wording where none is named', () => {
    const runs = runsOf({ ...plan, templates: undefined }, models, suite);
    expect(new Set(runs.map(({ template }) => template))).toEqual(new Set(['seen']));
    expect(runs).toHaveLength(6);
  });

  it('keeps runs with other answers apart', () => {
    const [one] = runsOf(plan, models, suite);
    const [other] = runsOf({ ...plan, answers: 'any' }, models, suite);
    expect(other.key).not.toBe(one.key);
  });

  it('refuses a wording that the suite has not', () =>
    expect(() => runsOf({ ...plan, templates: ['held-out'] }, models, suite)).toThrow('cannot be asked as held-out'));
});

describe('shardOf', () => {
  const runs = Array.from({ length: 23 }, (_, at) => ({ at, key: createHash('sha256').update(`${at}`).digest('hex') }));

  it('parts the runs: each is in one shard, and shards differ by one at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), (of) => {
        const shards = Array.from({ length: of }, (_, index) => shardOf(runs, { index, of }));
        expect(shards.flat().sort((a, b) => a.at - b.at)).toEqual(runs);
        const sizes = shards.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('takes every n-th of the sorted keys, whatever the plan’s order', () => {
    const sorted = runs.map(({ key }) => key).sort();
    const shard = shardOf(runs, { index: 1, of: 4 });
    expect(shard.map(({ key }) => key).sort()).toEqual(sorted.filter((_, place) => place % 4 === 1));
    expect(shardOf([...runs].reverse(), { index: 1, of: 4 })).toEqual([...shard].reverse());
  });
});
