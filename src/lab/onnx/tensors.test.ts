import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TensorProtoSchema, TensorProto_DataType as Type } from './gen/onnx_pb.ts';
import { elementCount, readFloats, tensorBytes, transpose } from './tensors.ts';

const raw = (dataType: number, data: Uint16Array | Float32Array | Float64Array) =>
  create(TensorProtoSchema, {
    name: 'w',
    dataType,
    dims: [BigInt(data.length)],
    rawData: new Uint8Array(data.buffer as ArrayBuffer),
  });

const halves: [name: string, bits: number, value: number][] = [
  ['one', 0x3c00, 1],
  ['minus two', 0xc000, -2],
  ['a third', 0x3555, 0.333251953125],
  ['the largest', 0x7bff, 65504],
  ['the smallest normal number', 0x0400, 2 ** -14],
  ['the largest subnormal number', 0x03ff, 2 ** -14 - 2 ** -24],
  ['the smallest subnormal number', 0x0001, 2 ** -24],
  ['a negative subnormal number', 0x8002, -(2 ** -23)],
  ['zero', 0x0000, 0],
  ['minus zero', 0x8000, -0],
  ['infinity', 0x7c00, Number.POSITIVE_INFINITY],
  ['minus infinity', 0xfc00, Number.NEGATIVE_INFINITY],
  ['not a number', 0x7e01, Number.NaN],
];

const brains: typeof halves = [
  ['one', 0x3f80, 1],
  ['minus pi', 0xc049, -3.140625],
  ['the largest', 0x7f7f, 255 * 2 ** 120],
  ['the smallest normal number', 0x0080, 2 ** -126],
  ['the smallest subnormal number', 0x0001, 2 ** -133],
  ['minus zero', 0x8000, -0],
  ['minus infinity', 0xff80, Number.NEGATIVE_INFINITY],
  ['not a number', 0x7fc0, Number.NaN],
];

describe('readFloats', () => {
  it.each(halves)('reads %s from float16', (_, bits, value) => {
    expect(readFloats(raw(Type.FLOAT16, Uint16Array.of(bits)))[0]).toBe(value);
    const typed = create(TensorProtoSchema, { dataType: Type.FLOAT16, dims: [1n], int32Data: [bits] });
    expect([...readFloats(typed)]).toEqual([value]);
  });

  it.each(brains)('reads %s from bfloat16', (_, bits, value) => {
    expect(readFloats(raw(Type.BFLOAT16, Uint16Array.of(bits)))[0]).toBe(value);
    const typed = create(TensorProtoSchema, { dataType: Type.BFLOAT16, dims: [1n], int32Data: [bits] });
    expect([...readFloats(typed)]).toEqual([value]);
  });

  it('rounds double to float32', () => {
    const given = [0.1, -1 / 3, 1e300, 1e-50, Number.NEGATIVE_INFINITY, Number.NaN];
    const rounded = [Math.fround(0.1), Math.fround(-1 / 3), Number.POSITIVE_INFINITY, 0, -Infinity, Number.NaN];
    expect([...readFloats(raw(Type.DOUBLE, Float64Array.from(given)))]).toEqual(rounded);
    const typed = create(TensorProtoSchema, { dataType: Type.DOUBLE, dims: [6n], doubleData: given });
    expect([...readFloats(typed)]).toEqual(rounded);
  });

  it('reads float32, from raw bytes and from the field of its type', () => {
    expect([...readFloats(raw(Type.FLOAT, Float32Array.of(1.5, -0.25)))]).toEqual([1.5, -0.25]);
    const typed = create(TensorProtoSchema, { dataType: Type.FLOAT, dims: [2n], floatData: [1.5, -0.25] });
    expect([...readFloats(typed)]).toEqual([1.5, -0.25]);
  });

  it('does not care at which byte of the file the data starts', () => {
    const file = new Uint8Array(9);
    file.set(new Uint8Array(Float32Array.of(3, -7).buffer), 1);
    const tensor = create(TensorProtoSchema, { dataType: Type.FLOAT, dims: [2n], rawData: file.subarray(1) });
    expect([...readFloats(tensor)]).toEqual([3, -7]);
  });

  it('refuses integers and says which types can be read', () => {
    const tensor = create(TensorProtoSchema, {
      name: 'packed',
      dataType: Type.INT8,
      dims: [1n],
      rawData: Uint8Array.of(1),
    });
    expect(() => readFloats(tensor)).toThrow(
      expect.objectContaining({
        kind: 'bad-model',
        message: expect.stringMatching(/"packed".*int8.*float16/),
        advice: expect.stringMatching(/./),
      }),
    );
  });
});

describe('a tensor’s size', () => {
  it('is the product of its dimensions, one for a scalar', () => {
    const tensor = (dims: bigint[], dataType: number) => create(TensorProtoSchema, { dims, dataType });
    expect(elementCount(tensor([], Type.FLOAT))).toBe(1);
    expect(elementCount(tensor([3n, 0n], Type.FLOAT))).toBe(0);
    expect(tensorBytes(tensor([2n, 3n], Type.BFLOAT16))).toBe(12);
    expect(tensorBytes(tensor([2n, 3n], Type.INT64))).toBe(48);
    expect(tensorBytes(tensor([2n], Type.STRING))).toBeNull();
  });
});

describe('transpose', () => {
  it('equals the naive loop for any shape', () => {
    const side = fc.integer({ min: 1, max: 70 });
    fc.assert(
      fc.property(side, side, (rows, columns) => {
        const values = Float32Array.from({ length: rows * columns }, (_, i) => i);
        const naive = new Float32Array(values.length);
        for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) naive[c * rows + r] = values[r * columns + c];
        const made = transpose(values, rows, columns);
        expect(made).toEqual(naive);
        expect(transpose(made, columns, rows)).toEqual(values);
      }),
    );
  });
});
