import { describe, expect, it } from 'vitest';
import { projected } from './useProjector.ts';

describe('a projector', () => {
  it('shows the same at every resolution of one shape', () => {
    const small = projected(1280, 720);
    const large = projected(1920, 1080);
    expect(large.scale / small.scale).toBeCloseTo(1.5, 2);
    expect(large.height / small.height).toBeCloseTo(1.5, 2);
    expect(small.scale).toBeCloseTo(1.2, 2);
  });

  it('gives the figure what a higher screen has more, and never has type smaller than the page’s', () => {
    expect(projected(1024, 768)).toEqual({ scale: 1, height: 400 });
    expect(projected(390, 844).scale).toBe(1);
    expect(projected(7680, 4320)).toEqual({ scale: 2, height: 800 });
    expect(projected(640, 360)).toEqual({ scale: 1, height: 200 });
  });
});
