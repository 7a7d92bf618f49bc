import { describe, expect, it } from 'vitest';
import type { Figure } from '../../projection/groups.ts';
import { type SaidLine, saysOf } from './says.ts';

const figure = (share: number, half: number): Figure => ({
  share,
  low: share - half,
  high: share + half,
  probes: 192,
  of: 1000,
  isFew: false,
});
const line = (label: string, ...figures: (Figure | null)[]): SaidLine => ({
  label,
  points: figures.map((entry, at) => ({ place: at / 10, label: `${at * 10} %`, figure: entry })),
});
const order = { what: 'order', y: 'p1', at: 0.1 } as const;
const start = figure(0.95, 0.01);

describe('what a run shows', () => {
  it('names highest and lowest where their intervals are apart', () => {
    const says = saysOf(order, [
      line('all', start, figure(0.3, 0.1)),
      line('attention', start, figure(0.9, 0.1)),
      line('feed-forward', start, figure(0.6, 0.1)),
    ]);
    expect(says).toEqual({
      kind: 'apart',
      most: { line: 'attention', at: '10 %', figure: figure(0.9, 0.1) },
      least: { line: 'all', at: '10 %', figure: figure(0.3, 0.1) },
      others: 1,
    });
  });

  it('tells none apart where intervals overlap or touch', () => {
    for (const low of [figure(0.6, 0.1), figure(0.5, 0.125)]) {
      const says = saysOf(order, [line('a', start, figure(0.75, 0.125)), line('b', start, low)]);
      expect(says).toMatchObject({ kind: 'alike', all: [{ line: 'a' }, { line: 'b' }] });
    }
  });

  it('says what is missing instead of judging by a part', () => {
    expect(saysOf(order, [line('a', start, start), line('b', start, null)])).toEqual({ kind: 'missing', missing: 1 });
    expect(saysOf({ ...order, at: 0.7 }, [line('a', start), line('b', start)])).toEqual({
      kind: 'missing',
      missing: 2,
    });
    expect(saysOf(order, [line('a', start, start)])).toEqual({ kind: 'missing', missing: 1 });
    expect(saysOf({ what: 'half' }, [])).toEqual({ kind: 'missing', missing: 1 });
    expect(saysOf({ what: 'half' }, [line('a', start, null, null)])).toEqual({ kind: 'missing', missing: 2 });
  });

  it('draws nothing from samples where only all questions count', () => {
    const whole = (share: number): Figure => ({ ...figure(share, 0.05), probes: 1000 });
    const asks = { ...order, isWhole: true };
    expect(saysOf(asks, [line('a', start, whole(0.9)), line('b', start, figure(0.2, 0.05))])).toEqual({
      kind: 'missing',
      missing: 1,
    });
    expect(saysOf(asks, [line('a', start, whole(0.9)), line('b', start, whole(0.2))]).kind).toBe('apart');
  });

  it('finds the first level whose whole interval is below half', () => {
    const says = saysOf({ what: 'half' }, [
      line('falls', figure(1, 0), figure(0.45, 0.1), figure(0.3, 0.1), figure(0.1, 0.05)),
      line('stays', figure(1, 0), figure(0.9, 0.1)),
    ]);
    expect(says).toEqual({
      kind: 'half',
      lines: [
        {
          line: 'falls',
          first: { line: 'falls', at: '20 %', figure: figure(0.3, 0.1) },
          last: { line: 'falls', at: '30 %', figure: figure(0.1, 0.05) },
        },
        { line: 'stays', first: null, last: { line: 'stays', at: '10 %', figure: figure(0.9, 0.1) } },
      ],
    });
  });

  it('compares two by two, in both directions', () => {
    const says = saysOf({ what: 'pairs', y: 'p1', at: 0.1 }, [
      line('a', start, figure(0.8, 0.05)),
      line('a, rounded', start, figure(0.5, 0.05)),
      line('b', start, figure(0.5, 0.05)),
      line('b, rounded', start, figure(0.55, 0.05)),
      line('c', start, figure(0.2, 0.05)),
      line('c, rounded', start, figure(0.5, 0.05)),
    ]);
    if (says.kind !== 'pairs') throw new Error(says.kind);
    expect(says.pairs.map(({ isBelow, isAbove }) => [isBelow, isAbove])).toEqual([
      [true, false],
      [false, false],
      [false, true],
    ]);
  });
});
