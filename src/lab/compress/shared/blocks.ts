import { z } from 'zod';
import type { Matrix } from '../method.ts';
import { codeIn, largestOf, roundToTable, type Table, tableOf } from './table.ts';

/** The parameters of bitsandbytes' 4-bit formats. */
export const blockParams = {
  block: z.enum(['64', '128', '256', '512', '1024', '2048', '4096']).default('64').meta({
    title: 'Weights per scale',
    description: 'How many consecutive weights share a scale: fewer mean smaller errors and more scales to store.',
  }),
  scales: z
    .enum(['double-quantized', 'float32'])
    .default('double-quantized')
    .meta({
      title: 'Scales',
      words: { float32: 'as they are (float32)', 'double-quantized': 'in 8 bits (double quantization)' },
      description: 'Stored in 32 bits each, or rounded to 8 bits themselves (double quantization).',
    }),
};

const schema = z.strictObject(blockParams);
export type BlockParams = z.output<typeof schema>;

/** Scales that are quantized together. */
const scaleBlock = 256;

/** How a step of these formats is described within the brackets. */
export function blockWords({ block, scales }: BlockParams): string {
  return `per block of ${block} weights${scales === 'float32' ? ', 32-bit scales' : ''}`;
}

/**
 * Blockwise 4-bit quantization as bitsandbytes does it: blocks of consecutive weights, across rows, each divided by its
 * largest magnitude (Dettmers et al. 2022, 8-bit Optimizers via Block-wise Quantization, section 2.1). Codes are found
 * with the exact scales; what they stand for is multiplied with those that are stored.
 *
 * @throws LabError `bad-model`, naming the matrix, for weights that are not finite or too large
 */
export function roundBlocks(matrix: Matrix, table: Table, { block, scales: form }: BlockParams): Matrix {
  const group = Number(block);
  const largest = largestOf(matrix, group);
  const count = largest.length;
  const isDouble = form === 'double-quantized';
  return roundToTable(matrix, table, {
    bits: 4,
    group,
    scales: isDouble ? doubleQuantized(largest) : largest,
    inverses: inversesOf(largest),
    overheadBits: isDouble ? 8 * count + 32 * Math.ceil(count / scaleBlock) + 32 : 32 * count,
  });
}

/** 1 / scale as float32; as double where float32 cannot hold it, which divides; 0 for a block of zeros. */
function inversesOf(scales: Float32Array): Float64Array {
  const inverses = new Float64Array(scales.length);
  for (let i = 0; i < scales.length; i++) {
    if (scales[i] === 0) continue;
    const inverse = Math.fround(1 / scales[i]);
    inverses[i] = Number.isFinite(inverse) ? inverse : 1 / scales[i];
  }
  return inverses;
}

/**
 * Scales as they are stored in 8 bits each: less their mean, in blocks of 256 divided by the largest magnitude, to the
 * nearest number of the dynamic 8-bit format (Dettmers et al. 2023, QLoRA, section 3).
 */
export function doubleQuantized(scales: Float32Array): Float32Array {
  const offset = Math.fround(scales.reduce((sum, scale) => sum + scale, 0) / scales.length);
  const rest = scales.map((scale) => scale - offset);
  const table = tableOf(dynamicLevels());
  for (let start = 0; start < rest.length; start += scaleBlock) {
    const part = rest.subarray(start, start + scaleBlock);
    const top = part.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (top === 0) continue;
    for (let i = 0; i < part.length; i++)
      part[i] = Math.fround(table.levels[codeIn(table, Math.fround(part[i] / top))] * top);
  }
  return rest.map((value) => value + offset);
}

let dynamic: Float32Array | undefined;

/**
 * The 256 values of bitsandbytes' create_dynamic_map(signed=True, max_exponent_bits=7, total_bits=8), rising: the middles
 * of 2^i equal parts of 0.1 to 1, times 10^(i - 6) for i from 0 to 6, with both signs; and 0 and 1.
 */
export function dynamicLevels(): Float32Array {
  if (dynamic) return dynamic;
  const f = Math.fround;
  const made = [0, 1];
  for (let i = 0; i < 7; i++) {
    const parts = 2 ** i;
    const step = f(f(1 - f(0.1)) / parts);
    // As torch.linspace has it: counted from the nearer end.
    const edge = (k: number) => (k <= parts / 2 ? f(f(0.1) + f(step * k)) : f(1 - f(step * (parts - k))));
    for (let k = 0; k < parts; k++) {
      const value = f(f(10 ** (i - 6)) * f(f(edge(k) + edge(k + 1)) / 2));
      made.push(value, -value);
    }
  }
  dynamic = Float32Array.from(made).sort();
  return dynamic;
}
