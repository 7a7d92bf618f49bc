import { describe, expect, it } from 'vitest';
import { type MethodId, methodList, methods } from '../../lab/compress/methods/index.ts';
import { parseRecipe } from '../../lab/compress/recipe.ts';
import { failure, step } from '../test/fixture.ts';
import { curveOf, defaultChoice, levelsOf, recipeAt, type StepChoice } from './curve.ts';

const ids = methodList.map(({ id }) => id as MethodId);

describe.each(ids)('the curve of %s', (id) => {
  const { axis } = methods[id];
  const points = curveOf({ steps: [step(id, 1, { scope: 'mlp' })], axis: 0 });

  it('begins without the step and has every level of the method', () => {
    expect(points[0].recipe).toEqual([]);
    expect(points.map(({ level }) => level)).toEqual([...Array(axis.levels.length + 1).keys()]);
    expect(points.slice(1).map(({ label }) => label)).toEqual(axis.levels.map(({ label }) => label));
    expect(points).toHaveLength(levelsOf({ method: id }).length);
  });

  it('has recipes that set what each level says, in canonical form', () => {
    points.slice(1).forEach(({ recipe }, at) => {
      expect(recipe).toHaveLength(1);
      expect(recipe[0]).toMatchObject({ method: id, scope: 'mlp', ...axis.levels[at].params });
      expect(JSON.stringify(parseRecipe(recipe))).toBe(JSON.stringify(recipe));
    });
    expect(new Set(points.map(({ recipe }) => JSON.stringify(recipe))).size).toBe(points.length);
  });

  it('runs from the least compression to the most', () => {
    const direction = axis.unit === 'share' ? 1 : -1;
    const xs = points.map(({ x }) => x * direction);
    for (let at = 1; at < xs.length; at++) expect(xs[at]).toBeGreaterThan(xs[at - 1]);
  });
});

describe('levelsOf', () => {
  it('calls no pruning 0 %, and no quantization off, which stands beyond the widest level', () => {
    expect(levelsOf({ method: 'magnitude-global' })[0]).toEqual({ label: '0 %', value: 0, params: {} });
    expect(levelsOf({ method: 'rtn' })[0]).toEqual({ label: 'off', value: 10, params: {} });
  });

  const labels = (method: MethodId, customLevel: StepChoice['customLevel']) =>
    levelsOf({ method, customLevel }).map(({ label }) => label);

  it('has a level of one’s own where it lies among the others', () => {
    expect(labels('magnitude-global', { sparsity: 0.55 }).slice(5, 8)).toEqual(['50 %', '55 %', '60 %']);
    expect(labels('magnitude-global', { sparsity: 0.95 }).at(-1)).toBe('95 %');
    expect(labels('magnitude-n-m', { n: 3, m: 8 })).toEqual(['0 %', '3 of 4', '2 of 4', '3 of 8', '1 of 4']);
  });

  it('has it in the place of one at the same place, and none that means nothing', () => {
    expect(labels('magnitude-n-m', { n: 4, m: 8 })).toEqual(['0 %', '3 of 4', '4 of 8', '1 of 4']);
    expect(labels('magnitude-global', { sparsity: 'much' })).toEqual(labels('magnitude-global', undefined));
  });
});

describe('curveOf', () => {
  const prune = step('magnitude-global', 2);
  const round = step('rtn', 5, { params: { granularity: 'group-64' } });

  it('keeps the order of two steps, whichever of them it runs over', () => {
    const methodsOf = (steps: StepChoice[], axis: number) =>
      curveOf({ steps, axis }).map(({ recipe }) => recipe.map(({ method }) => method));
    for (const axis of [0, 1]) {
      expect(methodsOf([prune, round], axis).at(-1)).toEqual(['magnitude-global', 'rtn']);
      expect(methodsOf([round, prune], axis).at(-1)).toEqual(['rtn', 'magnitude-global']);
    }
    expect(methodsOf([prune, round], 0)[0]).toEqual(['rtn']);
    expect(methodsOf([prune, round], 1)[0]).toEqual(['magnitude-global']);
  });

  it('moves its own step and lets the others stand where they stand', () => {
    const points = curveOf({ steps: [prune, round], axis: 0 });
    const other = { method: 'rtn', bits: 4, granularity: 'group-64' };
    for (const { recipe } of points) expect(recipe.at(-1)).toMatchObject(other);
    const sparsities = points.slice(1).map(({ recipe: [first] }) => 'sparsity' in first && first.sparsity);
    expect(sparsities).toEqual(methods['magnitude-global'].axis.levels.map(({ value }) => value));
  });

  it('leaves out another step that stands on level 0', () => {
    const points = curveOf({ steps: [step('rtn', 0), prune], axis: 1 });
    expect(points[0].recipe).toEqual([]);
    expect(points[1].recipe.map(({ method }) => method)).toEqual(['magnitude-global']);
  });

  it('does not depend on where its own slider stands', () => {
    const at = (level: number) => curveOf({ steps: [step('rtn', level)], axis: 0 });
    expect(at(0)).toEqual(at(7));
  });

  it('runs for the choice that the page starts with', () => {
    const point = curveOf(defaultChoice)[defaultChoice.steps[0].level];
    expect(point.recipe).toEqual([{ method: 'magnitude-global', scope: 'overall', sparsity: point.x }]);
  });
});

describe('recipeAt', () => {
  it('lets the slider win over a parameter that was given for its axis', () => {
    const steps = [step('rtn', 1, { params: { bits: 3, scheme: 'asymmetric' } })];
    expect(recipeAt({ steps, axis: 0 }, 1)).toMatchObject([{ bits: 8, scheme: 'asymmetric' }]);
  });

  it.each([
    ['a scope that does not exist', step('rtn', 1, { scope: 'everything' }), 'scope is "everything"'],
    ['a parameter out of range', step('rtn', 1, { params: { scheme: 'both' } }), 'scheme is "both"'],
    ['a parameter of another method', step('rtn', 1, { params: { sparsity: 0.5 } }), 'no parameter "sparsity"'],
  ])('refuses %s', async (_, steps, message) => {
    const error = await failure(() => recipeAt({ steps: [steps], axis: 0 }, 1));
    expect(error.kind).toBe('bad-recipe');
    expect(error.message).toContain(message);
  });

  it('takes method and scope from the step and never from its parameters', () => {
    const recipe = (params: StepChoice['params']) => recipeAt({ steps: [step('rtn', 1, { params })], axis: 0 }, 1);
    expect(recipe({ scope: 'mlp' })).toMatchObject([{ method: 'rtn', scope: 'overall' }]);
  });
});
