import { z } from 'zod';
import { LabError } from '../errors.ts';
import { readJson } from '../json.ts';

// The format (github.com/huggingface/safetensors): 8 bytes with the header's length, the header as JSON, the tensors
// behind each other. The packages on npm only read it, so it is written here.

/** Types that the lab writes, and the bytes of a value. */
const sizes = { F32: 4, F16: 2, BF16: 2, F64: 8, BOOL: 1 } as const;

export type SafetensorsType = keyof typeof sizes;

export interface SafeTensor {
  dtype: SafetensorsType;
  shape: readonly number[];
  /** Little endian, row-major. */
  data: Uint8Array;
}

/**
 * A safetensors file.
 *
 * @param tensors by name; the widest types go first, so that each value lies at a multiple of its width
 * @param metadata texts about the file
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, SafeTensor>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const order = [...tensors].sort(([, a], [, b]) => sizes[b.dtype] - sizes[a.dtype]);
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { dtype, shape, data }] of order) {
    const wanted = shape.reduce((product, size) => product * size, sizes[dtype]);
    if (data.length !== wanted)
      throw new LabError('internal', `The tensor ${name} has ${data.length} bytes where its shape needs ${wanted}.`);
    header[name] = { dtype, shape, data_offsets: [end, end + data.length] };
    end += data.length;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Blanks behind the JSON make the tensors begin at a multiple of 8.
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(start + end).fill(0x20, 8, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true);
  file.set(text, 8);
  let at = start;
  for (const [, { data }] of order) {
    file.set(data, at);
    at += data.length;
  }
  return file;
}

const types = Object.keys(sizes) as SafetensorsType[];
const entry = z.object({
  dtype: z.enum(types),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
const headerSchema = z.record(z.string(), z.union([entry, z.record(z.string(), z.string())]));

/**
 * Reads a safetensors file of the types that the lab writes.
 *
 * @throws LabError `bad-model` where it is damaged or has other types
 */
export function readSafetensors(file: Uint8Array): {
  tensors: Map<string, SafeTensor>;
  metadata: Readonly<Record<string, string>>;
} {
  const advice = 'Write the file again.';
  const length = file.length < 8 ? 0 : Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const start = 8 + length;
  if (length === 0 || start > file.length)
    throw new LabError('bad-model', `The file is no safetensors file (${file.length} bytes).`, advice);
  const text = new TextDecoder().decode(file.subarray(8, start));
  const header = readJson(headerSchema, text, { kind: 'bad-model', where: 'The header', advice });
  const tensors = new Map<string, SafeTensor>();
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, value] of Object.entries(header)) {
    if (typeof value.data_offsets === 'object') {
      const { dtype, shape, data_offsets: range } = value as z.output<typeof entry>;
      const [from, to] = range.map((offset) => start + offset);
      const wanted = shape.reduce((product, size) => product * size, sizes[dtype]);
      if (to > file.length || to - from !== wanted)
        throw new LabError('bad-model', `The tensor ${name} does not lie in the file.`, advice);
      tensors.set(name, { dtype, shape, data: file.subarray(from, to) });
    } else if (name === '__metadata__') metadata = value as Record<string, string>;
  }
  return { tensors, metadata };
}
