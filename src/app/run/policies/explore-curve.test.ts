import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wilson } from '../../../lab/metrics/interval.ts';
import { chunkEnd, firstChunk } from '../../chunks.ts';
import { estimateShare, type KnownShare } from '../../projection/estimate.ts';
import { measuredCurves } from '../../test/curves.ts';
import { byDistance, nextOnCurve } from './explore-curve.ts';

interface Level {
  key: string;
  x: number;
  asked: number;
  of: number;
  hits: number;
}

describe('nextOnCurve', () => {
  /** A curve of ten levels, as many percent of the weights removed; the uncompressed model is level 0. */
  const curve = (current: number, levels: readonly Partial<Level>[]) => {
    const all = Array.from({ length: 10 }, (_, level): Level => {
      const { asked = 0, of = 15_135, hits = 0 } = levels[level] ?? {};
      return { key: `${10 * level} %`, x: level / 10, asked, of, hits };
    });
    return { baseline: all[0], levels: all, current };
  };
  const next = (...given: Parameters<typeof curve>) => nextOnCurve(curve(...given))?.key;
  const sampled = (hits: number, asked = firstChunk) => ({ asked, hits });

  it('begins with the uncompressed model, then looks where the visitor does, then at the end and the neighbours', () => {
    const levels: Partial<Level>[] = [];
    const order: string[] = [];
    for (let turn = 0; turn < 5; turn++) {
      const key = next(5, levels)!;
      order.push(key);
      levels[Number.parseInt(key, 10) / 10] = sampled(100);
    }
    expect(order).toEqual(['0 %', '50 %', '90 %', '40 %', '60 %']);
  });

  it('then samples the knee: levels between two that differ, and the middle of a wide gap', () => {
    const flat = { 0: sampled(192), 1: sampled(191), 2: sampled(190), 9: sampled(0) };
    const levels = (more: Record<number, Partial<Level>>) => Object.assign([], flat, more) as Partial<Level>[];
    expect(next(1, levels({}))).toBe('50 %');
    // It is still flat at 50 %, so the knee is behind it; or the knee is before it.
    expect(next(1, levels({ 5: sampled(185) }))).toBe('70 %');
    expect(next(1, levels({ 4: sampled(3), 5: sampled(2) }))).toBe('30 %');
  });

  it('samples the model that every other level starts from, too, where several steps compress', () => {
    const { levels } = curve(5, Array(10).fill(sampled(100)));
    const baseline: Level = { ...levels[0], key: 'uncompressed', asked: 0 };
    expect(nextOnCurve({ baseline, levels, current: 5 })?.key).toBe('uncompressed');
  });

  it('then narrows the intervals of what is compared, in turn', () => {
    const rest = Array<Partial<Level>>(10).fill(sampled(96));
    expect(next(5, rest)).toBe('0 %');
    expect(next(5, rest.with(0, sampled(352, 704)))).toBe('50 %');
  });

  it('goes on to the widest interval when what is looked at is certain', () => {
    // 14,800 of 15,000 leave a quarter of a point; 192 of 192 a whole one.
    const certain = sampled(192);
    const levels = Array<Partial<Level>>(10)
      .fill(certain)
      .with(0, sampled(15_135, 15_135))
      .with(5, sampled(14_000, 14_800))
      .with(4, sampled(600, 704))
      .with(7, sampled(100));
    expect(next(5, levels)).toBe('70 %');
    expect(next(5, levels.with(7, certain))).toBe('40 %');
  });

  it('takes the nearer of two that are equally certain to the point, and stays with it meanwhile', () => {
    const levels = Array<Partial<Level>>(10)
      .fill(sampled(192))
      .with(0, sampled(15_135, 15_135))
      .with(3, sampled(1300, 2600))
      .with(8, sampled(1400, 2700));
    expect(next(5, levels)).toBe('30 %');
    expect(next(5, levels.with(3, sampled(3000, 6000)))).toBe('30 %');
    expect(next(5, levels.with(3, sampled(4900, 9800)))).toBe('80 %');
  });

  it('asks the uncompressed model as far as the level that is asked more, wherever that was looked at before', () => {
    const levels = Array<Partial<Level>>(10).fill(sampled(192)).with(5, sampled(100));
    expect(next(5, levels)).toBe('0 %');
    expect(next(5, levels.with(0, sampled(700, 704)))).toBe('50 %');
    // A level that an earlier visit asked nearly to its end, beside a baseline that it asked little.
    expect(next(5, levels.with(5, sampled(4500, 9408)))).toBe('0 %');
  });

  it('brings all to their end when all are certain: what is compared, then by distance', () => {
    const levels = Array<Partial<Level>>(10).fill(sampled(192));
    const done = sampled(15_135, 15_135);
    expect(next(5, levels)).toBe('0 %');
    expect(next(5, levels.with(0, done))).toBe('50 %');
    expect(next(5, levels.with(0, done).with(5, done))).toBe('40 %');
    expect(next(5, Array(10).fill(done))).toBeUndefined();
  });

  it('counts a sample that broke off as no sample, and asks no more than there is', () => {
    const levels = Array<Partial<Level>>(10).fill(sampled(100));
    expect(next(0, levels.with(7, sampled(90, firstChunk - 1)))).toBe('70 %');
    const small = { of: 50, asked: 50, hits: 25 };
    expect(next(0, Array<Partial<Level>>(10).fill(small))).toBeUndefined();
  });

  it('leaves what is not free alone, even where nothing else is left', () => {
    const todos = curve(5, [sampled(192)]);
    const taken = (...keys: string[]) => nextOnCurve(todos, ({ key }) => !keys.includes(key))?.key;
    expect(taken('50 %')).toBe('90 %');
    expect(taken('50 %', '40 %', '60 %', '90 %')).toBe('30 %');
    expect(taken(...todos.levels.map(({ key }) => key))).toBeUndefined();
  });

  it('has nothing to do where nothing is there', () => {
    const baseline: Level = { key: 'uncompressed', x: 0, asked: 0, of: 0, hits: 0 };
    expect(nextOnCurve({ baseline, levels: [], current: 0 })).toBeNull();
  });

  it('comes to an end with everything asked, all samples first', () => {
    const level = fc.record({
      of: fc.nat(2000),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
      hits: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(level, { minLength: 1, maxLength: 6 }), fc.nat(5), (given, current) => {
        const levels = given.map(({ of, part, hits }, at): Level & { share: number } => {
          const asked = Math.floor(of * part);
          return { key: String(at), x: at, asked, of, hits: Math.floor(asked * hits), share: hits };
        });
        const todos = { baseline: levels[0], levels, current: current % levels.length };
        const isSample = ({ asked, of }: Level) => asked < Math.min(firstChunk, of);
        for (let todo = nextOnCurve(todos); todo; todo = nextOnCurve(todos)) {
          expect(isSample(todo)).toBe(levels.some(isSample));
          const end = chunkEnd(todo.asked, todo.of);
          expect(end).toBeGreaterThan(todo.asked);
          todo.asked = end;
          todo.hits = Math.floor(end * todo.share);
        }
        for (const { asked, of } of levels) expect(asked).toBe(of);
      }),
    );
  });
});

describe('on the measured curves of ten levels', () => {
  const curves = measuredCurves().filter(({ levels }) => levels.length === 10);

  /** Mean error of the whole curve after so many samples, over all curves and places of the slider. */
  const errorAfter = (samples: number, choose: (levels: Level[], current: number) => Level) => {
    const errors = curves.flatMap(({ levels: measured }) =>
      measured.map((_, current) => {
        const levels = measured.map(({ x }, at): Level => ({ key: String(at), x, asked: 0, of: 15_135, hits: 0 }));
        for (let sample = 0; sample < samples; sample++) {
          const level = choose(levels, current);
          level.asked = firstChunk;
          level.hits = Math.round(measured[levels.indexOf(level)].share * firstChunk);
        }
        const known = levels.flatMap(({ x, asked }, level): KnownShare[] => {
          const { share } = measured[level];
          return asked === 0 ? [] : [{ level, x, share, ...wilson(Math.round(share * asked), asked) }];
        });
        const off = measured.map(({ x, share }, level) => Math.abs(estimateShare(known, { level, x })!.share - share));
        return off.reduce((sum, error) => sum + error, 0) / off.length;
      }),
    );
    return errors.reduce((sum, error) => sum + error, 0) / errors.length;
  };
  const planned = (levels: Level[], current: number) => nextOnCurve({ baseline: levels[0], levels, current })!;
  const nearest = (levels: Level[], current: number) => {
    const order = byDistance(
      levels.map((task, level) => ({ task, level })),
      current,
    );
    return [levels[0], ...order.map(({ task }) => task)].find(({ asked }) => asked === 0)!;
  };

  it.each([
    [5, 0.03],
    [6, 0.01],
  ])('%i samples say more of the whole curve than those of the nearest levels', (samples, bound) => {
    expect(curves.length).toBeGreaterThan(50);
    expect(errorAfter(samples, planned)).toBeLessThan(bound);
    expect(errorAfter(samples, nearest)).toBeGreaterThan(3 * bound);
  });
});

describe('byDistance', () => {
  const levels = [0, 1, 2, 3, 4, 5].map((level) => ({ level }));
  const sorted = (current: number) => byDistance(levels, current).map(({ level }) => level);

  it('begins where the slider stands, and takes the milder of two neighbours first', () => {
    expect(sorted(3)).toEqual([3, 2, 4, 1, 5, 0]);
    expect(sorted(0)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(sorted(5)).toEqual([5, 4, 3, 2, 1, 0]);
  });

  it('does so in whatever order they come', () => {
    expect(byDistance([...levels].reverse(), 3).map(({ level }) => level)).toEqual([3, 2, 4, 1, 5, 0]);
  });

  it('leaves the list that it was given alone', () => {
    sorted(5);
    expect(levels.map(({ level }) => level)).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
