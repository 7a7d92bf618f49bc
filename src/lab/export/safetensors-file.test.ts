import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSafetensors, type SafeTensor, type SafetensorsType, writeSafetensors } from './safetensors-file.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('a safetensors file', () => {
  const mask: SafeTensor = { dtype: 'BOOL', shape: [1, 3], data: Uint8Array.of(1, 0, 1) };
  const half: SafeTensor = { dtype: 'F16', shape: [2], data: Uint8Array.of(0, 0x3c, 0, 0xc0) };
  const wide: SafeTensor = { dtype: 'F32', shape: [], data: Uint8Array.of(0, 0, 0x80, 0x3f) };
  const file = writeSafetensors(
    new Map([
      ['a.mask', mask],
      ['b', half],
      ['c', wide],
    ]),
    { format: 'pt' },
  );

  it('is a length, a header padded to 8 bytes, and the tensors, wide ones first', () => {
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(JSON.parse(text(file.subarray(8, 8 + length)))).toEqual({
      __metadata__: { format: 'pt' },
      c: { dtype: 'F32', shape: [], data_offsets: [0, 4] },
      b: { dtype: 'F16', shape: [2], data_offsets: [4, 8] },
      'a.mask': { dtype: 'BOOL', shape: [1, 3], data_offsets: [8, 11] },
    });
    expect([...file.subarray(8 + length)]).toEqual([0, 0, 0x80, 0x3f, 0, 0x3c, 0, 0xc0, 1, 0, 1]);
  });

  it('gives back what was written', () => {
    const sizes: Record<SafetensorsType, number> = { F64: 8, F32: 4, F16: 2, BF16: 2, BOOL: 1 };
    const tensor = fc
      .tuple(
        fc.constantFrom(...(Object.keys(sizes) as SafetensorsType[])),
        fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
      )
      .chain(([dtype, shape]) => {
        const length = shape.reduce((product, size) => product * size, sizes[dtype]);
        return fc
          .uint8Array({ minLength: length, maxLength: length })
          .map((data): SafeTensor => ({ dtype, shape, data }));
      });
    const name = fc.string({ unit: 'grapheme' }).filter((word) => word !== '__metadata__' && word !== '__proto__');
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, tensor), { selector: ([word]) => word }),
        fc.string(),
        (entries, value) => {
          const { tensors, metadata } = readSafetensors(writeSafetensors(new Map(entries), { value }));
          expect(metadata).toEqual({ value });
          expect(new Map([...tensors].map(([key, found]) => [key, { ...found, data: [...found.data] }]))).toEqual(
            new Map(entries.map(([key, given]) => [key, { ...given, data: [...given.data] }])),
          );
        },
      ),
    );
  });

  it.each([
    ['nothing', new Uint8Array(), 'no safetensors file'],
    ['a file that is cut off in its header', file.subarray(0, 40), 'no safetensors file'],
    ['a file that is cut off in its tensors', file.subarray(0, -1), 'a.mask does not lie in the file'],
    ['something else', new TextEncoder().encode('\x02\0\0\0\0\0\0\0no'), 'The header is no JSON'],
  ])('is refused where it is %s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(
      expect.objectContaining({ kind: 'bad-model', message: expect.stringContaining(message) }),
    );
  });

  it('is not written with too few bytes', () => {
    expect(() => writeSafetensors(new Map([['a', { ...mask, shape: [2, 3] }]]), {})).toThrow('needs 6');
  });
});
