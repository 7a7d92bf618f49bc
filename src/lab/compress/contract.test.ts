import { deepStrictEqual } from 'node:assert/strict';
import { describe, expect, it } from 'vitest';
import { LabError } from '../errors.ts';
import { activationsFrom, compress, makeMatrix } from '../test/matrices.ts';
import type { Context, Matrix, Method } from './method.ts';
import { methodList } from './methods/index.ts';

// What the README of this folder promises of every method, with its default parameters.

const columns = 64;
const noise = (seed: number) => (i: number) => Math.fround(Math.sin(seed * 12.9898 + i * 78.233) * 0.7);
const tokens = Array.from({ length: 80 }, (_, t) =>
  Array.from({ length: columns }, (_, c) => noise(t)(c) * (1 + (c % 7))),
);

/** One block of an encoder with two heads, so that structured methods find their parts. */
function block(fill: (i: number, site: number) => number = (i, site) => noise(site + 1)(i)): Matrix[] {
  const kinds = ['query', 'key', 'value', 'attention-output', 'intermediate', 'output'] as const;
  return [0, 1].flatMap((layer) =>
    kinds.map((kind, number) => {
      const role = number < 4 ? 'attention' : 'feed-forward';
      const rows = Array.from({ length: 64 }, (_, r) =>
        Array.from({ length: columns }, (_, c) => fill(r * columns + c, number + 6 * layer)),
      );
      return makeMatrix(rows, `encoder.${layer}.${kind}`, { kind, role, layer });
    }),
  );
}

const activations = activationsFrom(tokens);
const originalOf = (matrices: readonly Matrix[]) => new Map(matrices.map(({ site, values }) => [site.name, values]));
const original = originalOf(block());

function contextOf(matrices: readonly Matrix[]): Partial<Context> {
  return {
    activations: new Map(matrices.map(({ site }) => [site.name, activations])),
    original,
    heads: 2,
    keyValueHeads: 2,
  };
}

const run = (method: Method, matrices: readonly Matrix[], params: object = {}) =>
  compress(method, matrices, method.params.parse(params) as Record<string, unknown>, contextOf(matrices));

describe.each(methodList.map((method) => [method.id, method] as const))('%s', (_, method) => {
  it('changes something, leaves what it is given alone, and gives the same twice', () => {
    const given = block();
    const made = run(method, given);
    // Vitest looks at one number after the other; Node compares bytes, and 0 is not -0 there either.
    deepStrictEqual(given, block());
    deepStrictEqual([activations, original], [activationsFrom(tokens), originalOf(block())]);
    expect(made.map(({ site }) => site.name)).toEqual(given.map(({ site }) => site.name));
    if (!method.corrects) expect(made.some((matrix, i) => matrix.values !== given[i].values)).toBe(true);
    for (const [i, matrix] of made.entries()) {
      expect(matrix.values).toHaveLength(given[i].values.length);
      expect(matrix.values.every(Number.isFinite)).toBe(true);
      expect(JSON.stringify([matrix.storage.bits, matrix.storage.overheadBits])).not.toContain('null');
    }
    deepStrictEqual(run(method, given), made);
  });

  it('gives finite weights at every level of its axis', () => {
    for (const { params } of method.axis.levels)
      for (const { values } of run(method, block(), params)) expect(values.every(Number.isFinite)).toBe(true);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %s and says where', (bad) => {
    const given = block((i, site) => (site === 3 && i === 130 ? bad : noise(site + 1)(i)));
    expect(() => run(method, given)).toThrow(
      expect.objectContaining({ kind: 'bad-model', message: expect.stringContaining(given[3].site.name) }),
    );
  });

  it.each([
    ['zeros', () => 0],
    ['equal weights', () => 0.25],
    ['denormal weights', (i: number) => (i % 2 ? 1e-45 : -3e-45)],
    ['huge weights', (i: number) => (i % 2 ? 3e38 : -3e38)],
    ['one large weight', (i: number) => (i === 7 ? 1e6 : 0)],
  ])('has an answer for %s: finite weights, or an error that names the layer', (_, fill) => {
    const given = block((i) => Math.fround(fill(i)));
    try {
      for (const { values } of run(method, given)) expect(values.every(Number.isFinite)).toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(LabError);
      expect((error as LabError).kind).toBe('bad-model');
      expect(given.some(({ site }) => (error as LabError).message.includes(site.name))).toBe(true);
    }
  });
});

describe.each(methodList.filter(({ losesZeros }) => !losesZeros).map((method) => [method.id, method] as const))(
  '%s',
  (_, method) => {
    it('keeps zeros', () => {
      const given = block((i, site) => (i % 3 === 0 ? 0 : noise(site + 1)(i)));
      run(method, given).forEach(({ values }, m) => {
        const lost = given[m].values.findIndex((value, i) => value === 0 && values[i] !== 0);
        expect([given[m].site.name, lost]).toEqual([given[m].site.name, -1]);
      });
    });
  },
);
