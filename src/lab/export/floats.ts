import { create } from '@bufbuild/protobuf';
import { LabError } from '../errors.ts';
import { type TensorProto, TensorProtoSchema, TensorProto_DataType as Type } from '../onnx/gen/onnx_pb.ts';
import { typeName } from '../onnx/tensors.ts';

const bitsOf = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);

/** The bytes of a typed array. */
export function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Whether every value is one that this type of ONNX has, so that storing it so loses nothing. */
export function isExact(values: Float32Array, dataType: number): boolean {
  switch (dataType) {
    case Type.FLOAT:
    case Type.DOUBLE:
      return true;
    case Type.BFLOAT16:
      return bitsOf(values).every((bits) => (bits & 0xffff) === 0);
    case Type.FLOAT16: {
      const bits = bitsOf(values);
      for (let i = 0; i < bits.length; i++) {
        const exponent = ((bits[i] >>> 23) & 255) - 127;
        const fraction = bits[i] & 0x7fffff;
        // Ten bits of the fraction stay, one fewer for each power of two below 2^-14; nothing lies below 2^-24.
        if (exponent >= -14) {
          if (exponent > 15 || (fraction & 0x1fff) !== 0) return false;
        } else if (exponent >= -24) {
          if (((fraction | 0x800000) & ((1 << (-exponent - 1)) - 1)) !== 0) return false;
        } else if (values[i] !== 0) return false;
      }
      return true;
    }
  }
  return false;
}

/** float32 as float16 codes, rounded half to even; what is too large becomes infinite, as in a Cast. */
export function toHalf(values: Float32Array): Uint16Array {
  const bits = bitsOf(values);
  const codes = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) {
    const size = bits[i] & 0x7fffffff;
    let code: number;
    if (size > 0x7f800000) code = 0x7e00;
    else if (size >= 0x47800000) code = 0x7c00;
    // 2^52 and above a double has no place behind the point: adding and taking it away rounds half to even.
    else if (size < 0x38800000) code = Math.abs(values[i]) * 2 ** 24 + 2 ** 52 - 2 ** 52;
    else code = (size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13;
    codes[i] = ((bits[i] >>> 16) & 0x8000) | code;
  }
  return codes;
}

function toBfloat(values: Float32Array): Uint16Array {
  return Uint16Array.from(bitsOf(values), (bits) => (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
}

/**
 * A tensor of floating-point values.
 *
 * @param dataType FLOAT, FLOAT16, BFLOAT16 or DOUBLE; values that it has not are rounded ({@link isExact} tells)
 */
export function weightTensor(
  name: string,
  dims: readonly number[],
  values: Float32Array,
  dataType: number = Type.FLOAT,
): TensorProto {
  return create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType, rawData: encodeFloats(values, dataType) });
}

/** The bytes of values in a type of ONNX, little endian. */
export function encodeFloats(values: Float32Array, dataType: number): Uint8Array {
  switch (dataType) {
    case Type.FLOAT:
      return bytesOf(values);
    case Type.DOUBLE:
      return bytesOf(Float64Array.from(values));
    case Type.FLOAT16:
      return bytesOf(toHalf(values));
    case Type.BFLOAT16:
      return bytesOf(toBfloat(values));
  }
  throw new LabError('internal', `Weights cannot be written as ${typeName(dataType)}.`);
}

/** A tensor of signed or unsigned bytes, by the kind of the array. */
export function byteTensor(name: string, dims: readonly number[], values: Uint8Array | Int8Array): TensorProto {
  const dataType = values instanceof Int8Array ? Type.INT8 : Type.UINT8;
  return create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType, rawData: bytesOf(values) });
}
