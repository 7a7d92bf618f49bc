import { describe, expect, it } from 'vitest';
import { inOrder } from './in-order.ts';
import type { RunTask } from './policy.ts';

const task = (key: string, asked: number, of = 1000): RunTask => ({ key, model: 'm', asked, of, hits: 0 });
const next = (tasks: readonly RunTask[], taken: readonly string[] = []) =>
  inOrder(tasks, ({ key }) => !taken.includes(key))?.key ?? null;

describe('inOrder', () => {
  it('takes a first sample of each, in the order of the list', () => {
    expect(next([task('a', 0), task('b', 0)])).toBe('a');
    expect(next([task('a', 192), task('b', 100)])).toBe('b');
  });

  it('then brings each to its end', () => {
    expect(next([task('a', 704), task('b', 192)])).toBe('a');
    expect(next([task('a', 1000), task('b', 192)])).toBe('b');
    expect(next([task('a', 1000), task('b', 1000)])).toBeNull();
  });

  it('leaves what is not free alone', () => {
    expect(next([task('a', 0), task('b', 0)], ['a'])).toBe('b');
    expect(next([task('a', 0)], ['a'])).toBeNull();
  });

  it('asks a short list to its end at once', () => expect(next([task('a', 50, 50), task('b', 0, 50)])).toBe('b'));
});
