import { describe, expect, it } from 'vitest';
import { LabError } from '../errors.ts';
import { activationsFrom, compress, makeMatrix, makeSite } from '../test/matrices.ts';
import { controls, type Value } from './controls.ts';
import { groupIn, groupsFit, misfit } from './fit.ts';
import type { Matrix, Method } from './method.ts';
import { methodList, methods } from './methods/index.ts';

const site = (name: string, columns: number) => makeSite(name, 4, columns);
const model = { heads: 2, keyValueHeads: 2 };

describe('groupsFit', () => {
  it('takes what divides the inputs of every site', () => {
    expect(groupsFit([site('a', 96), site('b', 64)], 32, 'm')).toBeNull();
    expect(groupsFit([site('a', 96)], null, 'm')).toBeNull();
  });

  it('names the first site that is not filled, and what would do', () => {
    expect(groupsFit([site('a', 96), site('b', 64), site('c', 80)], 48, 'granularity')).toEqual({
      field: 'granularity',
      message: 'Groups of 48 do not fill the 64 inputs of b. In these layers the size must divide 16.',
    });
    expect(groupsFit([site('a', 7), site('b', 10)], 2, 'm')?.message).toContain('No size fits all of these layers');
  });
});

describe('groupIn', () => {
  it('reads the size of a group', () => {
    expect(groupIn('group-128')).toBe(128);
    for (const none of ['tensor', 'channel', 'group-', 'group-x']) expect(groupIn(none)).toBeNull();
  });
});

describe('misfit', () => {
  it('says at the scope that a model has no such layers', () => {
    const sites = [makeSite('q', 4, 4, { kind: 'query' })];
    expect(misfit(methods.rtn, 'decoder', methods.rtn.params.parse({}), { sites, ...model })?.field).toBe('scope');
    expect(misfit(methods.rtn, 'nowhere', methods.rtn.params.parse({}), { sites, ...model })?.field).toBe('scope');
  });

  it('looks at the layers of the scope alone', () => {
    const sites = [
      makeSite('q', 4, 8, { kind: 'query' }),
      makeSite('i', 4, 9, { kind: 'intermediate', role: 'feed-forward' }),
    ];
    const params = methods['magnitude-n-m'].params.parse({});
    expect(misfit(methods['magnitude-n-m'], 'attention', params, { sites, ...model })).toBeNull();
    expect(misfit(methods['magnitude-n-m'], 'overall', params, { sites, ...model })?.field).toBe('m');
  });
});

/** A method's defaults with each choice of each parameter in turn, and each level. */
function settings(method: Method): Record<string, Value>[] {
  const choices = controls(method).flatMap((control) =>
    control.kind === 'choice' ? control.choices.map((choice) => ({ [control.name]: choice })) : [],
  );
  return [...choices, ...method.axis.levels.map(({ params }) => params)];
}

const kinds = ['query', 'key', 'value', 'attention-output', 'intermediate', 'output'] as const;

/** One block whose matrices are all square. */
function block(size: number): Matrix[] {
  return kinds.map((kind, at) => {
    const rows = Array.from({ length: size }, (_, r) =>
      Array.from({ length: size }, (_, c) => Math.sin(r * 31 + c * 7 + at)),
    );
    const role = at < 4 ? 'attention' : 'feed-forward';
    return makeMatrix(rows, `encoder.0.${kind}`, { kind, role });
  });
}

describe.each(methodList.map((method) => [method.id, method] as const))('%s', (_, method) => {
  // 36 inputs: fours fill them, groups of 32 do not. 38: neither.
  it.each([36, 38])('says of a model with %i inputs what would be refused when it is applied', (size) => {
    const given = block(size);
    const tokens = Array.from({ length: 2 * size }, (_, t) =>
      Array.from({ length: size }, (_, c) => Math.cos(t + c * c)),
    );
    const activations = new Map(given.map(({ site: { name } }) => [name, activationsFrom(tokens)]));
    const original = new Map(given.map(({ site: { name }, values }) => [name, values]));
    for (const heads of [0, 2])
      for (const change of settings(method)) {
        const params = method.params.parse(change) as Record<string, Value>;
        const shape = { heads, keyValueHeads: heads };
        const said = misfit(method, 'overall', params, { sites: given.map(({ site }) => site), ...shape });
        let refused = false;
        try {
          compress(method, given, params, { activations, original, ...shape });
        } catch (error) {
          expect(error).toBeInstanceOf(LabError);
          refused = (error as LabError).kind === 'bad-recipe';
        }
        expect([heads, change, said !== null]).toEqual([heads, change, refused]);
        if (said)
          expect(
            controls(method)
              .map(({ name }) => name)
              .concat('scope'),
          ).toContain(said.field);
      }
  });
});
