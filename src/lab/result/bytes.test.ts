import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from './bytes.ts';

const misfit = () => new Error('misfit');
const read = (bytes: Uint8Array) => new ByteReader(bytes, 0, misfit);

describe('numbers and texts in bytes', () => {
  it('come back in their order', () => {
    const parts = fc.array(fc.oneof(fc.maxSafeNat(), fc.string({ unit: 'binary' })));
    fc.assert(
      fc.property(parts, (given) => {
        const writer = new ByteWriter();
        for (const part of given) typeof part === 'number' ? writer.number(part) : writer.text(part);
        const reader = read(writer.done());
        for (const part of given) expect(typeof part === 'number' ? reader.number() : reader.text()).toBe(part);
        expect(reader.isAtEnd).toBe(true);
      }),
    );
  });

  it('take one byte up to 127, two up to 16,383', () => {
    for (const [number, length] of [
      [0, 1],
      [127, 1],
      [128, 2],
      [16_383, 2],
      [16_384, 3],
    ])
      expect(new ByteWriter().number(number).done()).toHaveLength(length);
    expect(new ByteWriter().number(300).done()).toEqual(Uint8Array.of(0b1010_1100, 0b10));
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('are none of %s', (number) => {
    expect(() => new ByteWriter().number(number)).toThrow(RangeError);
  });

  it('whatever the bytes are, are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), fc.boolean(), (bytes, isText) => {
        try {
          const value = isText ? read(bytes).text() : read(bytes).number();
          if (typeof value === 'number') expect(Number.isSafeInteger(value)).toBe(true);
        } catch (error) {
          expect((error as Error).message).toBe('misfit');
        }
      }),
    );
  });
});
