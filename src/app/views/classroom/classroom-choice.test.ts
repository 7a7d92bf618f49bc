import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LinkedLevel, LinkedResults } from '../../link/link-results.ts';
import { models, suites } from '../../shipped.ts';
import { failure } from '../../test/fixture.ts';
import {
  type ClassResults,
  type ClassroomChoice,
  defaultClassroom,
  guessed,
  readClassroomLink,
  screens,
  writeClassroomLink,
} from './classroom-choice.ts';

const choices: fc.Arbitrary<ClassroomChoice> = fc.record({
  screen: fc.constantFrom(...screens),
  guess: fc.array(fc.option(fc.nat(100)), { minLength: guessed, maxLength: guessed }),
  isShown: fc.boolean(),
  isPresenting: fc.boolean(),
});

const level = (number: number, text: string): LinkedLevel => ({
  level: number,
  asked: text.length,
  hit: Uint8Array.from(text, Number),
  hits5: 3,
  hits10: 4,
  mrr: 0.5,
  sparsity: number / 10,
  bitsPerWeight: 16,
  bytes: 4_000_000,
});
const linked = (...levels: LinkedLevel[]): LinkedResults => ({
  model: { sha256: models[0].sha256, title: models[0].title },
  suite: { sha256: suites[0].sha256, title: suites[0].title },
  relations: suites[0].relations.slice(0, 2).map(([id, label]) => ({ id, label, probes: 4 })),
  baseline: level(0, '111011'),
  levels,
});
const results: ClassResults = {
  prune: linked(level(5, '101010'), level(9, '0000')),
  bits: linked(level(2, '111010')),
  often: Int32Array.of(4, 32, -1, 4, 8, 16),
};

const fault = async (fragment: string) => {
  const { kind, message } = await failure(() => readClassroomLink(fragment));
  expect(kind).toBe('bad-link');
  return message;
};

describe('a link to the classroom', () => {
  it('brings back all that it holds', () => {
    const brought = fc.constantFrom(null, results, { ...results, bits: null }, { ...results, often: null });
    fc.assert(
      fc.property(choices, brought, (choice, given) => {
        const fragment = writeClassroomLink(choice, given);
        expect(fragment).toMatch(/^view=classroom&[\w.~!$&'()*+,;=:@/?%-]*$/);
        expect(readClassroomLink(`#${fragment}`)).toEqual({ choice, results: given });
      }),
    );
  });

  it('without anything opens the first part', () => {
    expect(readClassroomLink('#view=classroom')).toEqual({ choice: defaultClassroom, results: null });
  });

  it('of the second form opens as what it was', () => {
    expect(
      readClassroomLink('#view=classroom&v=2&screen=rare&guess=100,95,-,80,60,40,20,5,0&shown=1&present=1').choice,
    ).toEqual({
      screen: 'rare',
      guess: [100, 95, null, 80, 60, 40, 20, 5, 0],
      isShown: true,
      isPresenting: true,
    });
  });

  it.each([
    ['a part that there is not', 'screen=party', 'screen: '],
    ['a guess beyond all', 'guess=101,-,-,-,-,-,-,-,-', 'guess'],
    ['a guess that is no number', 'guess=many,-,-,-,-,-,-,-,-', 'guess'],
    ['a guess below nothing', 'guess=-1,-,-,-,-,-,-,-,-', 'guess'],
    ['too few guesses', 'guess=50,50', 'guess'],
    ['a flag that is none', 'shown=yes', 'shown: '],
    ['damaged results', 'results=AAAA', 'damaged'],
  ])('with %s is refused', async (_, fields, message) => {
    expect(await fault(`view=classroom&v=2&${fields}`)).toContain(message);
  });

  it('with the results of one curve as the other’s is refused', async () => {
    const fields = new URLSearchParams(writeClassroomLink(defaultClassroom, results));
    fields.set('bits', fields.get('results') ?? '');
    expect(await fault(fields.toString())).toContain('other settings');
  });

  it('with curves of different questions is refused', async () => {
    const other = { ...results.bits!, relations: results.bits!.relations.map((entry) => ({ ...entry, probes: 5 })) };
    expect(await fault(writeClassroomLink(defaultClassroom, { ...results, bits: other }))).toContain(
      'not of the same questions',
    );
  });

  it('with more frequencies than facts is refused', async () => {
    const often = new Int32Array(9).fill(4);
    expect(await fault(writeClassroomLink(defaultClassroom, { ...results, often }))).toContain('do not fit');
  });
});
