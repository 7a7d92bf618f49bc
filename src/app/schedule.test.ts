import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstPiece, pieceEnd } from './pieces.ts';
import { byDistance, evenly, nextTodo, Pace } from './schedule.ts';

const todo = (key: string, asked: number, of = 1000) => ({ key, asked, of });

describe('evenly', () => {
  const keys = (...given: ReturnType<typeof todo>[]) => evenly(given).map(({ key }) => key);

  it('puts the one of the first two that has had less first, and leaves the others alone', () => {
    expect(keys(todo('baseline', 704), todo('current', 192), todo('other', 0))).toEqual([
      'current',
      'baseline',
      'other',
    ]);
    expect(keys(todo('baseline', 192), todo('current', 192), todo('other', 0))).toEqual([
      'baseline',
      'current',
      'other',
    ]);
    expect(keys(todo('baseline', 5))).toEqual(['baseline']);
    expect(keys()).toEqual([]);
  });
});

describe('nextTodo', () => {
  it('takes a sample of every result before it finishes the first', () => {
    expect(nextTodo([todo('baseline', 0), todo('current', 0), todo('other', 0)])?.key).toBe('baseline');
    expect(nextTodo([todo('baseline', 192), todo('current', 0), todo('other', 0)])?.key).toBe('current');
    expect(nextTodo([todo('baseline', 192), todo('current', 192), todo('other', 0)])?.key).toBe('other');
    expect(nextTodo([todo('baseline', 192), todo('current', 192), todo('other', 192)])?.key).toBe('baseline');
  });

  it('brings each to its end in the order given', () => {
    expect(nextTodo([todo('baseline', 1000), todo('current', 704), todo('other', 192)])?.key).toBe('current');
    expect(nextTodo([todo('baseline', 1000), todo('current', 1000), todo('other', 192)])?.key).toBe('other');
  });

  it('counts a sample that broke off as no sample', () => {
    expect(nextTodo([todo('baseline', 192), todo('current', 191)])?.key).toBe('current');
  });

  it('does not ask more of a suite that is smaller than a sample', () => {
    expect(nextTodo([todo('small', 50, 50), todo('other', 192)])?.key).toBe('other');
    expect(nextTodo([todo('small', 49, 50), todo('other', 0)])?.key).toBe('small');
  });

  it('has nothing to do where all are complete, or nothing is there', () => {
    expect(nextTodo([todo('baseline', 1000), todo('current', 1000)])).toBeNull();
    expect(nextTodo([])).toBeNull();
  });

  it('comes to an end with everything asked, all samples first', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ of: fc.nat(2000), part: fc.double({ min: 0, max: 1, noNaN: true }) }), { maxLength: 6 }),
        (given) => {
          const todos = given.map(({ of, part }, at) => todo(String(at), Math.floor(of * part), of));
          const isSample = ({ asked, of }: (typeof todos)[number]) => asked < Math.min(firstPiece, of);
          for (let next = nextTodo(todos); next; next = nextTodo(todos)) {
            expect(isSample(next)).toBe(todos.some(isSample));
            const end = pieceEnd(next.asked, next.of);
            expect(end).toBeGreaterThan(next.asked);
            next.asked = end;
          }
          for (const { asked, of } of todos) expect(asked).toBe(of);
        },
      ),
    );
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

describe('Pace', () => {
  it('tells nothing before there is something to tell', () => {
    const pace = new Pace();
    expect(pace.rate).toBeNull();
    pace.mark(0, 0);
    expect(pace.rate).toBeNull();
    pace.mark(199, 50);
    expect(pace.rate).toBeNull();
    pace.mark(200, 50);
    expect(pace.rate).toBe(250);
  });

  it('tells nothing where nothing was computed', () => {
    const pace = new Pace();
    pace.mark(0, 64);
    pace.mark(1000, 64);
    expect(pace.rate).toBeNull();
  });

  it('forgets how fast it was before its window', () => {
    const pace = new Pace(2000);
    pace.mark(0, 0);
    pace.mark(1000, 1000);
    pace.mark(2000, 1100);
    expect(pace.rate).toBe(550);
    pace.mark(3000, 1200);
    expect(pace.rate).toBe(100);
  });

  it('bridges a pause that is longer than its window', () => {
    const pace = new Pace(2000);
    pace.mark(0, 0);
    pace.mark(1000, 100);
    pace.mark(11_000, 200);
    expect(pace.rate).toBe(10);
  });
});
