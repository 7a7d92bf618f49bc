import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MethodId, methodList, methods } from '../../lab/compress/methods/index.ts';
import { parseRecipe } from '../../lab/compress/recipe.ts';
import { step } from '../test/fixture.ts';
import { levelsOf, recipeAt, type StepChoice } from './curve.ts';
import {
  duplicated,
  exactNames,
  fromRecipe,
  moved,
  newStep,
  withExact,
  withMethod,
  without,
  withStep,
} from './steps.ts';

const ids = methodList.map(({ id }) => id as MethodId);
const labelOf = (made: StepChoice) => levelsOf(made)[made.level].label;
const recipeOf = (made: StepChoice) => recipeAt({ steps: [made], axis: 0 }, made.level);

describe('newStep', () => {
  it('stands where the method’s defaults stand', () => {
    expect(labelOf(newStep('magnitude-global'))).toBe('50 %');
    expect(labelOf(newStep('magnitude-n-m'))).toBe('2 of 4');
    expect(labelOf(newStep('rtn'))).toBe('4 bits');
  });

  it.each(ids)('makes a step of %s that can be run', (id) => {
    expect(recipeOf(newStep(id, 'mlp'))).toMatchObject([{ method: id, scope: 'mlp' }]);
  });
});

describe('withMethod', () => {
  it('keeps the slider’s place where both sliders mean the same', () => {
    expect(labelOf(withMethod(step('magnitude-global', 7), 'wanda'))).toBe('70 %');
    const own = withExact(step('magnitude-global', 1), { sparsity: 0.58 });
    expect(labelOf(withMethod(own, 'magnitude-layer'))).toBe('60 %');
    expect(labelOf(withMethod(step('magnitude-global', 7), 'rtn'))).toBe('4 bits');
    expect(withMethod(step('wanda', 0), 'rtn').level).toBe(0);
  });

  it('keeps the scope, and parameters that the new method takes', () => {
    const made = withMethod(step('wanda', 3, { scope: 'mlp', params: { prompts: 64, seed: 7 } }), 'rtn');
    expect(made).toEqual({ method: 'rtn', scope: 'mlp', params: {}, level: 5 });
    expect(withMethod(step('rtn', 3, { params: { scheme: 'asymmetric' } }), 'rtn').params).toEqual({
      scheme: 'asymmetric',
    });
  });

  it('can be run, whatever the methods are', () => {
    for (const from of ids) for (const to of ids) expect(recipeOf(withMethod(newStep(from), to))).toHaveLength(1);
  });
});

describe('withExact', () => {
  it('goes to the method’s level where there is one, and makes one where there is none', () => {
    const between = withExact(step('magnitude-global', 2), { sparsity: 0.55 });
    expect(between).toEqual(step('magnitude-global', 6, { customLevel: { sparsity: 0.55 } }));
    expect(recipeOf(between)).toEqual([{ method: 'magnitude-global', scope: 'overall', sparsity: 0.55 }]);
    expect(withExact(between, { sparsity: 0.6 })).toEqual(step('magnitude-global', 6));
    expect(labelOf(withExact(step('magnitude-n-m', 1), { n: 6, m: 16 }))).toBe('6 of 16');
  });
});

describe('exactNames', () => {
  it('are the numbers that the slider sets', () => {
    expect(exactNames('magnitude-n-m')).toEqual(['n', 'm']);
    expect(exactNames('rtn')).toEqual(['bits']);
  });

  it.each(ids)('are among the parameters of %s', (id) => {
    const defaults = methods[id].params.parse({});
    for (const name of exactNames(id)) expect(defaults).toHaveProperty(name);
  });
});

describe('fromRecipe', () => {
  it('brings any recipe of the registry back', () => {
    const recipe = parseRecipe([
      { method: 'magnitude-global', sparsity: 0.123, scope: 'mlp' },
      { method: 'magnitude-n-m', n: 3, m: 8 },
      { method: 'rtn', bits: 3, granularity: 'group-16' },
      { method: 'wanda', sparsity: 0.5, prompts: 8 },
    ]);
    const steps = fromRecipe(recipe);
    expect(recipeAt({ steps, axis: 3 }, steps[3].level)).toEqual(recipe);
    for (const { id, params, axis } of methodList)
      for (const level of axis.levels) {
        const one = parseRecipe([{ method: id, ...(params.parse({}) as object), ...level.params }]);
        expect(recipeOf(fromRecipe(one)[0])).toEqual(one);
      }
  });
});

describe('a list of steps', () => {
  const list = fc.integer({ min: 2, max: 6 }).chain((count) =>
    fc.record({
      steps: fc.constant(Array.from({ length: count }, (_, at) => step('rtn', 1, { params: { bits: at } }))),
      axis: fc.nat(count - 1),
      from: fc.nat(count - 1),
      to: fc.nat(count - 1),
    }),
  );

  it('keeps its curve’s step while steps move, are copied and removed', () => {
    fc.assert(
      fc.property(list, ({ from, to, ...choice }) => {
        const { steps, axis } = choice;
        const after = moved(choice, from, to);
        expect(after.steps[to]).toBe(steps[from]);
        expect(after.steps[after.axis]).toBe(steps[axis]);
        expect(after.steps.filter((_, at) => at !== to)).toEqual(steps.filter((_, at) => at !== from));

        const copied = duplicated(choice, from);
        expect(copied.steps[from + 1]).toBe(steps[from]);
        expect(copied.steps[copied.axis]).toBe(steps[axis]);
        expect(without(copied, from + 1).steps).toEqual(steps);

        const left = without(choice, from);
        expect(left.steps).toEqual(steps.filter((_, at) => at !== from));
        if (axis === from) expect(left.steps[left.axis]).toBeDefined();
        else expect(left.steps[left.axis]).toBe(steps[axis]);
      }),
    );
  });

  it('runs its curve over a step that is added', () => {
    const added = withStep({ steps: [step('rtn', 1)], axis: 0 }, newStep('wanda'));
    expect(added.steps.map(({ method }) => method)).toEqual(['rtn', 'wanda']);
    expect(added.axis).toBe(1);
  });
});
