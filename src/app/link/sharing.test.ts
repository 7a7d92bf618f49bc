import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestLink } from './fragment.ts';
import { longestCode, share } from './sharing.ts';

/** Links that grow with what they hold. */
const growing = (perAnswer: number, settings: number) => (most: number) =>
  'x'.repeat(settings + Math.ceil(most * perAnswer));

describe('a link to pass on', () => {
  it('holds all results, and its code as many as a phone can read', () => {
    const { link, hasResults, code } = share(growing(2, 100), 5000);
    expect(hasResults).toBe(true);
    expect(link).toHaveLength(10_100);
    expect(code).toMatchObject({ asked: 700, of: 5000 });
    expect(code.link).toHaveLength(longestCode);
  });

  it('is the code’s own where it is short', () => {
    const { link, code } = share(growing(2, 100), 192);
    expect(code).toEqual({ link, asked: 192, of: 192 });
  });

  it('holds the settings alone where an address cannot hold more', () => {
    const { link, hasResults, code } = share(growing(20, 100), 5000);
    expect(hasResults).toBe(false);
    expect(link).toHaveLength(100);
    expect(code.asked).toBe(70);
    expect(share(growing(1, 100), 0)).toEqual({
      link: 'x'.repeat(100),
      hasResults: false,
      code: { link: 'x'.repeat(100), asked: 0, of: 0 },
    });
  });

  it('has no part in its code where parts cannot be told', () => {
    const write = (most: number) => (most === 0 || most === 5000 ? 'x'.repeat(100 + most) : null);
    expect(share(write, 5000)).toMatchObject({ hasResults: true, code: { asked: 0, of: 5000, link: write(0) } });
  });

  it('is never longer than it may be, and its code holds the most that fits', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 30, noNaN: true }),
        fc.nat(1000),
        fc.nat(6000),
        (each, settings, asked) => {
          const write = growing(each, settings);
          const { link, code } = share(write, asked);
          expect(link.length).toBeLessThanOrEqual(longestLink);
          expect(code.link).toBe(write(code.asked));
          expect(code.link.length).toBeLessThanOrEqual(longestCode);
          if (code.asked < asked) expect(write(code.asked + 1).length).toBeGreaterThan(longestCode);
        },
      ),
    );
  });
});
