import { describe, expect, it } from 'vitest';
import { Pace } from './pace.ts';

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
