import { create } from '@bufbuild/protobuf';
import { LabError } from '../errors.ts';
import {
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
  TensorProto_DataType as Type,
} from './gen/onnx_pb.ts';

const sizes: Partial<Record<number, number>> = {
  [Type.FLOAT]: 4,
  [Type.UINT8]: 1,
  [Type.INT8]: 1,
  [Type.UINT16]: 2,
  [Type.INT16]: 2,
  [Type.INT32]: 4,
  [Type.INT64]: 8,
  [Type.BOOL]: 1,
  [Type.FLOAT16]: 2,
  [Type.DOUBLE]: 8,
  [Type.UINT32]: 4,
  [Type.UINT64]: 8,
  [Type.BFLOAT16]: 2,
};

/** How many elements a tensor's shape says it has; a scalar has one. */
export function elementCount(tensor: TensorProto): number {
  return tensor.dims.reduce((product, dim) => product * Number(dim), 1);
}

/** How many bytes of raw data a tensor's shape needs, or null for types without a fixed size (strings). */
export function tensorBytes(tensor: TensorProto): number | null {
  const size = sizes[tensor.dataType ?? 0];
  return size === undefined ? null : size * elementCount(tensor);
}

/** How many bytes of data a tensor has: raw ones, or one number for each element in the field of its type. */
export function storedBytes(tensor: TensorProto): number {
  const { rawData, floatData, int32Data, int64Data, doubleData, uint64Data } = tensor;
  const numbers = [floatData, int32Data, int64Data, doubleData, uint64Data].reduce(
    (sum, { length }) => sum + length,
    0,
  );
  return numbers > 0 ? numbers * (sizes[tensor.dataType ?? 0] ?? 0) : rawData.length;
}

/** A type's name as it stands in the ONNX standard, lower case: `float16`, `float`, `int64`. */
export function typeName(dataType: number): string {
  return (Type[dataType] ?? `type ${dataType}`).toLowerCase();
}

/** Whether {@link readFloats} can read this type. */
export function isFloat(dataType: number | undefined): boolean {
  return dataType === Type.FLOAT || dataType === Type.FLOAT16 || dataType === Type.BFLOAT16 || dataType === Type.DOUBLE;
}

let halves: Float32Array | undefined;

/** All 65,536 float16 values as float32: a look-up is several times faster than converting each weight. */
function halfTable(): Float32Array {
  if (halves) return halves;
  halves = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) halves[bits] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else if (exponent === 0) halves[bits] = sign * fraction * 2 ** -24;
    else halves[bits] = sign * (1024 + fraction) * 2 ** (exponent - 25);
  }
  return halves;
}

/**
 * A tensor's values as float32 (double is rounded), in the file's order.
 *
 * @throws LabError `bad-model` for types that are not floating point
 */
export function readFloats(tensor: TensorProto): Float32Array {
  const count = elementCount(tensor);
  const values = new Float32Array(count);
  const raw = tensor.rawData;
  // Where the field is not set it is empty.
  if (raw.length > 0) {
    // A copy gives an aligned buffer: raw data starts at any byte of the file.
    const bytes = new Uint8Array(raw);
    switch (tensor.dataType) {
      case Type.FLOAT:
        return new Float32Array(bytes.buffer);
      case Type.DOUBLE:
        values.set(new Float64Array(bytes.buffer));
        return values;
      case Type.FLOAT16: {
        const table = halfTable();
        const codes = new Uint16Array(bytes.buffer);
        for (let i = 0; i < count; i++) values[i] = table[codes[i]];
        return values;
      }
      case Type.BFLOAT16: {
        const bits = new Uint32Array(values.buffer);
        const codes = new Uint16Array(bytes.buffer);
        for (let i = 0; i < count; i++) bits[i] = codes[i] << 16;
        return values;
      }
    }
  }
  if (tensor.dataType === Type.FLOAT) return Float32Array.from(tensor.floatData);
  if (tensor.dataType === Type.DOUBLE) return Float32Array.from(tensor.doubleData);
  if (tensor.dataType === Type.FLOAT16)
    return Float32Array.from(tensor.int32Data, (code) => halfTable()[code & 0xffff]);
  if (tensor.dataType === Type.BFLOAT16)
    return new Float32Array(Uint32Array.from(tensor.int32Data, (code) => code << 16).buffer);
  throw new LabError(
    'bad-model',
    `The weights "${tensor.name}" are of type ${typeName(tensor.dataType ?? 0)}; float16, bfloat16, float and double can be compressed.`,
    'Export the model with floating-point weights.',
  );
}

/** A tensor of int64 values. */
export function int64Tensor(name: string, dims: number[], values: number[]): TensorProto {
  const data = BigInt64Array.from(values, BigInt);
  return create(TensorProtoSchema, {
    name,
    dataType: Type.INT64,
    dims: dims.map(BigInt),
    rawData: new Uint8Array(data.buffer),
  });
}

/** The values of a small int64 tensor. */
export function readIntegers({ rawData, int64Data }: TensorProto): number[] {
  if (rawData.length === 0) return int64Data.map(Number);
  // A copy gives an aligned buffer: raw data starts at any byte of the file.
  return Array.from(new BigInt64Array(new Uint8Array(rawData).buffer), Number);
}

/** A small tensor of float32 values, within the graph. */
export function floatTensor(name: string, dims: readonly number[], values: ArrayLike<number>): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType: Type.FLOAT,
    dims: dims.map(BigInt),
    rawData: new Uint8Array(Float32Array.from(values).buffer),
  });
}

/** A float32 tensor whose values lie outside the graph, under the path `location` (ONNX external data). */
export function externalTensor(name: string, dims: readonly number[], location: string): TensorProto {
  const length = dims.reduce((product, dim) => product * dim, 4);
  const entry = (key: string, value: string) => create(StringStringEntryProtoSchema, { key, value });
  return create(TensorProtoSchema, {
    name,
    dataType: Type.FLOAT,
    dims: dims.map(BigInt),
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: [entry('location', location), entry('offset', '0'), entry('length', String(length))],
  });
}

/**
 * A matrix turned over its diagonal: [rows, columns] → [columns, rows].
 * In tiles, because a naive loop misses the cache on every write.
 */
export function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  const tile = 32;
  for (let r0 = 0; r0 < rows; r0 += tile) {
    const r1 = Math.min(r0 + tile, rows);
    for (let c0 = 0; c0 < columns; c0 += tile) {
      const c1 = Math.min(c0 + tile, columns);
      for (let r = r0; r < r1; r++) for (let c = c0; c < c1; c++) result[c * rows + r] = values[r * columns + c];
    }
  }
  return result;
}
