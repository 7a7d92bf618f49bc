import { describe, expect, it } from 'vitest';
import { ranksByProbe } from './predictions.ts';

describe('ranksByProbe', () => {
  it('puts each rank at its probe, and 0 where none was asked', () => {
    const order = Uint32Array.of(2, 0, 3, 1);
    expect(ranksByProbe(Uint32Array.of(5, 1), order)).toEqual(Uint32Array.of(1, 0, 5, 0));
    expect(ranksByProbe(Uint32Array.of(5, 1, 7, 9), order)).toEqual(Uint32Array.of(1, 9, 5, 7));
    expect(ranksByProbe(new Uint32Array(), order)).toEqual(Uint32Array.of(0, 0, 0, 0));
  });
});
