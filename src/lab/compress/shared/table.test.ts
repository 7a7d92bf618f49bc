import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeIn, makeTable, nearestTable, signedTable, tableOf } from './table.ts';

const anyFloat = fc.float({ noNaN: true });
const rising = (values: readonly number[]) => Float32Array.from(new Set(values)).sort();

describe('makeTable', () => {
  it('gives the code that counts the limits below a number, wherever they lie', () => {
    // Close together too, so that many numbers with the same highest bits have different codes.
    const close = fc.array(fc.float({ min: 1, max: Math.fround(1.01), noNaN: true }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(anyFloat, { maxLength: 20 }), close, fc.array(anyFloat), (far, near, numbers) => {
        const limits = rising([...far, ...near]);
        const table = makeTable(new Float32Array(limits.length + 1), limits);
        for (const x of [...numbers, ...limits, ...limits.map((limit) => -limit)])
          expect([x, codeIn(table, x)]).toEqual([x, limits.filter((limit) => limit < x).length]);
      }),
    );
  });
});

describe('signedTable', () => {
  const table = signedTable([0, 1, 4], [0.5, 2]);
  const value = (x: number) => table.levels[codeIn(table, x)];

  it('has both signs of each magnitude, and one zero', () => expect([...table.levels]).toEqual([-4, -1, 0, 1, 4]));

  it('rounds both signs alike: what reaches a limit stays below', () => {
    expect([0, -0, 0.5, 0.51, 2, 2.01, 100].map(value)).toEqual([0, 0, 0, 1, 1, 4, 4]);
    expect([-0.5, -0.51, -2, -2.01, -100].map(value)).toEqual([0, -1, -1, -4, -4]);
  });
});

describe('nearestTable', () => {
  it('rounds to the nearest, and half-way to the magnitude at an even place', () => {
    const { levels, ...table } = nearestTable([0, 1, 2, 4]);
    const value = (x: number) => levels[codeIn({ levels, ...table }, x)];
    expect([0.5, 0.51, 1.49, 1.5, 2.9, 3, 3.1].map(value)).toEqual([0, 1, 1, 2, 2, 2, 4]);
    expect([-0.5, -0.51, -1.49, -1.5, -2.9, -3, -3.1].map(value)).toEqual([0, -1, -1, -2, -2, -2, -4]);
  });
});

describe('tableOf', () => {
  it('gives the nearest level, of two as near the lower, and the same table for the same levels', () => {
    // Whole parts of 64, so that middles and distances are exact.
    const level = fc.integer({ min: -512, max: 512 }).map((parts) => parts / 64);
    fc.assert(
      fc.property(fc.array(level, { minLength: 1, maxLength: 30 }), (values) => {
        const levels = rising(values);
        const table = tableOf(levels);
        expect(tableOf(levels)).toBe(table);
        for (const x of values.flatMap((a) => values.slice(0, 5).map((b) => (a + b) / 2))) {
          const distances = [...levels].map((level) => Math.abs(level - x));
          expect(codeIn(table, x)).toBe(distances.indexOf(Math.min(...distances)));
        }
      }),
    );
  });
});
