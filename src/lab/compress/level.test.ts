import { describe, expect, it } from 'vitest';
import { axisParams, levelAt } from './level.ts';
import type { Axis } from './method.ts';
import { methodList, methods } from './methods/index.ts';

describe('levelAt', () => {
  it.each(methodList.map((method) => [method.id, method] as const))(
    'writes the levels of %s as it does itself',
    (_, method) => {
      for (const level of method.axis.levels) {
        const made = levelAt(method.axis, level.params);
        if (made) expect(made).toEqual(level);
      }
    },
  );

  it('makes levels between those of a method', () => {
    expect(levelAt(methods['magnitude-global'].axis, { sparsity: 0.55 })).toEqual({
      label: '55 %',
      value: 0.55,
      params: { sparsity: 0.55 },
    });
    expect(levelAt(methods['magnitude-n-m'].axis, { n: 3, m: 8 })).toEqual({
      label: '3 of 8',
      value: 0.625,
      params: { n: 3, m: 8 },
    });
    const ranks: Axis = {
      label: 'Rank',
      unit: 'rank',
      levels: [32, 8].map((rank) => ({ label: `${rank}`, value: rank, params: { rank } })),
    };
    expect(levelAt(ranks, { rank: 12 })).toEqual({ label: '12', value: 12, params: { rank: 12 } });
  });

  it('writes shares of directions as shares', () => {
    const levels = [0.9, 0.5].map((rank) => ({ label: `${rank * 100} %`, value: rank, params: { rank } }));
    expect(levelAt({ unit: 'rank', levels }, { rank: 1 })?.label).toBe('100 %');
  });

  it('knows no rule where the place on the axis does not follow from one number', () => {
    const formats: Axis = {
      label: 'Bits',
      unit: 'bits',
      levels: [{ label: '4 bits', value: 4, params: { format: 'e2m1' } }],
    };
    expect(levelAt(formats, { format: 'e3m0' })).toBeNull();
    expect(levelAt({ ...formats, levels: [{ label: '4 bits', value: 4, params: {} }] }, {})).toBeNull();
    expect(levelAt(methods['magnitude-global'].axis, { sparsity: 'much' })).toBeNull();
  });
});

describe('axisParams', () => {
  it('names what the levels set', () => {
    expect(axisParams(methods['magnitude-n-m'].axis)).toEqual(['n', 'm']);
    expect(axisParams(methods.rtn.axis)).toEqual(['bits']);
  });
});
