import { describe, expect, it } from 'vitest';
import { makeMatrix } from '../../test/matrices.ts';
import { inChunks, within } from './chunks.ts';

describe('inPieces', () => {
  it('weighs matrices by what they cost, and returns what was made of them in their order', () => {
    const matrices = [makeMatrix([[1]], 'a'), makeMatrix([[1, 2, 3]], 'b')];
    const shares: number[] = [];
    const work = inChunks(
      matrices,
      ({ columns }) => columns,
      function* (matrix, index) {
        yield 0.5;
        return { ...matrix, values: matrix.values.map((x) => x + index) };
      },
    );
    let step = work.next();
    for (; !step.done; step = work.next()) shares.push(step.value);
    expect(shares).toEqual([0.125, 0.25, 0.625, 1]);
    expect(step.value.map(({ site, values }) => [site.name, ...values])).toEqual([
      ['a', 1],
      ['b', 2, 3, 4],
    ]);
  });

  it('stops where it is left', () => {
    let finished = 0;
    const work = inChunks(
      [makeMatrix([[1]], 'a'), makeMatrix([[1]], 'b')],
      () => 1,
      function* (matrix) {
        yield 0.5;
        finished++;
        return matrix;
      },
    );
    work.next();
    work.return([]);
    expect(work.next().done).toBe(true);
    expect(finished).toBe(0);
  });
});

describe('within', () => {
  it('tells shares of a part as shares of the whole', () => {
    const part = (function* () {
      yield 0;
      yield 0.5;
      yield 1;
      return 'done';
    })();
    expect([...within(part, 0.2, 0.4)].map((share) => share.toFixed(3))).toEqual(['0.200', '0.300', '0.400']);
  });
});
