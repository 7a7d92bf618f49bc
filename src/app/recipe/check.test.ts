import { describe, expect, it } from 'vitest';
import type { Fitted } from '../../lab/compress/fit.ts';
import { type MethodId, methodList } from '../../lab/compress/methods/index.ts';
import { makeSite } from '../../lab/test/matrices.ts';
import { firstProblem, needOf, problemsOf, shownFields, withoutIdle } from './check.ts';
import { recipeAt, type StepChoice } from './curve.ts';
import { newStep, withExact } from './steps.ts';

const step = (method: MethodId, more: Partial<StepChoice> = {}): StepChoice => ({ ...newStep(method), ...more });
const model: Fitted = {
  sites: [
    makeSite('encoder.0.query', 96, 96),
    makeSite('encoder.0.output', 96, 384, { kind: 'output', role: 'feed-forward' }),
  ],
  heads: 2,
  keyValueHeads: 2,
};

describe('problemsOf', () => {
  it.each(methodList.map(({ id }) => id as MethodId))('has none for %s as it is offered', (id) => {
    expect(problemsOf(newStep(id), null)).toEqual([]);
  });

  it('says at each field what is allowed', () => {
    const params = { scheme: 'both', granularity: 'group-1' };
    expect(problemsOf(step('rtn', { params }), null)).toEqual([
      { field: 'scheme', message: 'Allowed: symmetric, asymmetric.' },
      { field: 'granularity', message: 'Allowed: tensor, channel, or group-N with N of 2 or more (such as group-64).' },
    ]);
    expect(problemsOf(step('wanda', { params: { prompts: 7, seed: '' } }), null)).toEqual([
      { field: 'prompts', message: 'Allowed is a whole number from 8 to 2048.' },
      { field: 'seed', message: 'Allowed is a whole number from 0 to 999999.' },
    ]);
  });

  it('looks at an exact level too, whatever was typed', () => {
    const at = (value: number | string) => problemsOf(withExact(step('rtn'), { bits: value }), null);
    expect(at(5)).toEqual([]);
    for (const value of [9, 4.5, '', '-'])
      expect(at(value)).toEqual([{ field: 'bits', message: 'Allowed is a whole number from 2 to 8.' }]);
  });

  it('says what the schema refuses of two together at one of them', () => {
    const [problem, ...others] = problemsOf(withExact(step('magnitude-n-m'), { n: 6, m: 4 }), null);
    expect(problem).toEqual({ field: 'n', message: 'Allowed is a whole number from 1 to m, the group size.' });
    expect(others).toEqual([]);
  });

  it('compares with the opened model’s shapes, on every level', () => {
    const grouped = (granularity: string, scope = 'overall') => step('rtn', { params: { granularity }, scope });
    expect(problemsOf(grouped('group-32'), model)).toEqual([]);
    expect(problemsOf(grouped('group-128', 'mlp'), model)).toEqual([]);
    expect(problemsOf(grouped('group-128'), model)).toEqual([
      {
        field: 'granularity',
        message: 'Groups of 128 do not fill the 96 inputs of encoder.0.query. In these layers the size must divide 96.',
      },
    ]);
    expect(problemsOf(grouped('group-128'), null)).toEqual([]);
    // It is not the level that the slider stands on.
    const five = { ...withExact(step('magnitude-n-m'), { n: 2, m: 5 }), level: 1 };
    expect(problemsOf(five, model).map(({ field }) => field)).toEqual(['m']);
    expect(problemsOf(step('rtn', { scope: 'cross-attention' }), model).map(({ field }) => field)).toEqual(['scope']);
  });
});

describe('firstProblem', () => {
  const bad = step('rtn', { params: { granularity: 'group-128' } });

  it('names the step', () => {
    expect(firstProblem([step('wanda'), bad], model)).toMatch(/^Step 2 \(Round weights to few bits\): Groups of 128 /);
    expect(firstProblem([step('wanda')], model)).toBeNull();
  });

  it('does not mind a step that is left out', () => {
    expect(firstProblem([{ ...bad, level: 0 }], model)).toBeNull();
  });
});

describe('shownFields', () => {
  const values = (shown: StepChoice) => {
    const { exact, own, calibration } = shownFields(shown);
    return [exact, own, calibration].map((fields) =>
      Object.fromEntries(fields.map(({ control, value }) => [control.name, value])),
    );
  };

  it('has what the slider sets, what it does not, and what is measured', () => {
    const [exact, , calibration] = values(step('wanda', { params: { prompts: 64 } }));
    expect(exact).toEqual({ sparsity: 0.5 });
    expect(calibration).toEqual({ text: 'suite', prompts: 64, seed: 1 });
    const [bits, own, nothing] = values(step('rtn', { level: 0 }));
    expect([bits, nothing]).toEqual([{ bits: null }, {}]);
    expect(own).toMatchObject({ scheme: 'symmetric', granularity: 'channel' });
  });

  it('knows what is measured before a step can run, by its parameters', () => {
    expect([needOf(step('rtn')), needOf(step('wanda')), needOf(step('sparsegpt'))]).toEqual([
      'nothing',
      'norms',
      'gram',
    ]);
    expect(needOf(step('heads'))).toBe('nothing');
    expect(needOf(step('heads', { params: { criterion: 'activation' } }))).toBe('norms');
  });

  it('shows what is typed while it is no level', () => {
    expect(values(withExact(step('rtn'), { bits: '' }))[0]).toEqual({ bits: '' });
  });
});

describe('withoutIdle', () => {
  it('keeps what counts', () => {
    const given = step('rtn', { params: { scheme: 'asymmetric' } });
    expect(withoutIdle(given)).toBe(given);
  });

  it('drops what the slider sets and the recipe does not need', () => {
    const given = step('rtn', { params: { bits: 3, scheme: 'asymmetric' } });
    expect(withoutIdle(given).params).toEqual({ scheme: 'asymmetric' });
    const at = (made: StepChoice) => recipeAt({ steps: [made], axis: 0 }, made.level);
    expect(at(withoutIdle(given))).toEqual(at(given));
  });
});
