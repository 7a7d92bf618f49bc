import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TensorProto_DataType as Type } from '../onnx/gen/onnx_pb.ts';
import { readFloats } from '../onnx/tensors.ts';
import { byteTensor, isExact, toHalf, weightTensor } from './floats.ts';

/** All finite float16 values that are not negative, rising: code i is the i-th. */
const halves = Float32Array.from({ length: 0x7c00 }, (_, code) => {
  const exponent = code >> 10;
  const fraction = code & 1023;
  return exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
});

/** The code of the nearest float16, the even one of two as near, by looking at both neighbours. */
function nearest(value: number): number {
  const size = Math.abs(value);
  const sign = Object.is(Math.sign(value), -1) || Object.is(value, -0) ? 0x8000 : 0;
  let low = 0;
  let high = 0x7c00;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (halves[middle] <= size) low = middle;
    else high = middle;
  }
  const above = high === 0x7c00 ? 65536 : halves[high];
  const [down, up] = [size - halves[low], above - size];
  if (size >= 65536 || up < down || (up === down && high % 2 === 0)) return sign | high;
  return sign | low;
}

const float = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.float({ min: -(2 ** -13), max: 2 ** -13, noNaN: true }),
  fc.float({ min: -70_000, max: 70_000, noNaN: true }),
  // Exactly between two float16 values.
  fc.integer({ min: 0, max: 0x7bfe }).map((code) => (halves[code] + halves[code + 1]) / 2),
  fc.integer({ min: 0, max: 0x7bff }).map((code) => -halves[code]),
);

describe('float16', () => {
  it.each([
    [0, 0],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65519.996, 0x7bff],
    [65520, 0x7c00],
    [1e30, 0x7c00],
    [2 ** -24, 1],
    [2 ** -25, 0],
    [1.5 * 2 ** -24, 2],
    [2 ** -14, 0x0400],
    [2 ** -14 - 2 ** -25, 0x0400],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
  ])('of %s is %i', (value, code) => {
    expect(toHalf(Float32Array.of(value))[0]).toBe(code);
  });

  it('is the nearest, the even one of two', () => {
    fc.assert(
      fc.property(float, (value) => {
        expect(toHalf(Float32Array.of(value))[0]).toBe(nearest(value));
      }),
    );
  });
});

describe.each([
  ['float16', Type.FLOAT16],
  ['bfloat16', Type.BFLOAT16],
  ['float', Type.FLOAT],
  ['double', Type.DOUBLE],
])('a tensor of type %s', (_, type) => {
  it('gives back what it holds exactly, and says when it would not', () => {
    fc.assert(
      fc.property(fc.array(float, { minLength: 1, maxLength: 5 }), (list) => {
        const values = Float32Array.from(list);
        const back = readFloats(weightTensor('t', [values.length], values, type));
        expect(isExact(values, type)).toBe(values.every((value, i) => value === back[i]));
        // Whatever came back is in the type's set.
        if (back.every(Number.isFinite)) expect(isExact(back, type)).toBe(true);
      }),
    );
  });
});

it('bfloat16 rounds half to even', () => {
  const values = Float32Array.of(1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -9, -1 - 5 * 2 ** -9);
  const back = readFloats(weightTensor('t', [4], values, Type.BFLOAT16));
  expect([...back]).toEqual([1, 1 + 2 ** -6, 1, -1 - 2 ** -7]);
});

it('bytes are signed where the array is', () => {
  expect(byteTensor('t', [2], Int8Array.of(-1, 2))).toMatchObject({
    dataType: Type.INT8,
    rawData: Uint8Array.of(255, 2),
  });
  expect(byteTensor('t', [1], Uint8Array.of(200))).toMatchObject({ dataType: Type.UINT8, dims: [1n] });
});
