import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { calibration } from './calibration.ts';
import { controls, counts } from './controls.ts';
import { methodList, methods } from './methods/index.ts';

describe('controls', () => {
  it('makes a number control of a share', () => {
    expect(controls(methods['magnitude-global'])).toEqual([
      {
        name: 'sparsity',
        title: 'Weights removed',
        description: 'Share of the weights that are set to zero: 0 removes none, 1 removes all.',
        kind: 'number',
        min: 0,
        max: 1,
        step: 0.01,
        default: 0.5,
        allowed: 'a number from 0 to 1',
      },
    ]);
  });

  it('makes integer controls, also where the schema compares parameters', () => {
    expect(controls(methods['magnitude-n-m'])).toMatchObject([
      { name: 'n', kind: 'integer', min: 1, max: 64, step: 1, default: 2 },
      { name: 'm', kind: 'integer', min: 2, max: 64, step: 1, default: 4 },
    ]);
  });

  it('makes choices of enumerations and of open strings', () => {
    expect(controls(methods.rtn)).toMatchObject([
      { name: 'bits', kind: 'integer', min: 2, max: 8, default: 4 },
      { name: 'scheme', kind: 'choice', choices: ['symmetric', 'asymmetric'], default: 'symmetric' },
      { name: 'granularity', kind: 'choice', choices: ['tensor', 'channel', 'group-32', 'group-64', 'group-128'] },
      { name: 'clipping', kind: 'choice', choices: ['minmax', 'mse', 'percentile'] },
      { name: 'percentile', kind: 'number', min: 90, max: 100, default: 99.9 },
    ]);
  });

  it('knows open choices from closed ones', () => {
    const [, scheme, granularity] = controls(methods.rtn);
    expect(scheme).toMatchObject({ isOpen: false });
    expect(granularity).toMatchObject({ isOpen: true });
  });

  it('knows what belongs to calibration, and not another parameter of that name', () => {
    const isCalibration = (params: z.ZodType<Record<string, unknown>>) =>
      controls({ params })
        .filter((control) => control.isCalibration)
        .map(({ name }) => name);
    expect(isCalibration(methods.wanda.params)).toEqual(['text', 'prompts', 'seed']);
    const seed = z.int().min(0).max(9).default(1).meta({ title: 'Seed', description: 'Of the drawing.' });
    expect(isCalibration(z.strictObject({ ...calibration, seed }))).toEqual(['text', 'prompts']);
  });
});

describe('counts', () => {
  const meta = { title: 'A', description: 'B.' };
  const params = z.strictObject({
    clipping: z.enum(['minmax', 'mse', 'percentile']).default('minmax').meta(meta),
    percentile: z
      .number()
      .min(90)
      .max(100)
      .default(99.9)
      .meta({ ...meta, when: { clipping: 'percentile' } }),
    groups: z
      .int()
      .min(1)
      .max(9)
      .default(3)
      .meta({ ...meta, when: { clipping: ['mse', 'percentile'], percentile: 99 } }),
  });
  const all = controls({ params });
  const shown = (given: object) => all.filter((control) => counts(control, all, { ...given })).map(({ name }) => name);

  it('leaves out what other parameters make meaningless', () => {
    expect(shown({})).toEqual(['clipping']);
    expect(shown({ clipping: 'percentile' })).toEqual(['clipping', 'percentile']);
  });

  it('wants every condition, and takes any of several values', () => {
    expect(shown({ clipping: 'mse', percentile: 99 })).toEqual(['clipping', 'groups']);
    expect(shown({ clipping: 'mse', percentile: 98 })).toEqual(['clipping']);
  });
});

describe('the registry', () => {
  it('has each method under its own id', () => {
    expect(Object.keys(methods)).toEqual(methodList.map((method) => method.id));
  });

  it.each(methodList.map((method) => [method.id, method] as const))('holds what the page needs of %s', (_, method) => {
    for (const text of [method.label, method.term, method.help, method.citation.text]) expect(text).not.toBe('');
    expect(method.citation.url).toMatch(/^https:/);
    const defaults = Object.fromEntries(controls(method).map((control) => [control.name, control.default]));
    expect(method.params.parse({})).toEqual(defaults);
    for (const control of controls(method))
      if (control.kind === 'choice')
        for (const choice of control.choices)
          expect(method.params.safeParse({ [control.name]: choice }).success).toBe(true);
    expect(method.axis.levels.length).toBeGreaterThan(0);
    for (const level of method.axis.levels) expect(method.params.parse(level.params)).toMatchObject(level.params);
  });

  it('lists levels from mild to strong', () => {
    for (const { axis } of methodList) {
      const rising = axis.unit === 'share';
      const values = axis.levels.map((level) => level.value);
      expect(values).toEqual([...values].sort((a, b) => (rising ? a - b : b - a)));
    }
  });
});
