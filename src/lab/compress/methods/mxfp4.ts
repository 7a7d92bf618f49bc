import { z } from 'zod';
import { eachMatrix, type Matrix, type Method } from '../method.ts';
import { bitsOf } from '../shared/finite.ts';
import { largestOf, nearestTable, roundToTable } from '../shared/table.ts';

const params = z.strictObject({});

/** E2M1: a sign, two bits of exponent and one behind the point. */
const table = nearestTable([0, 0.5, 1, 1.5, 2, 3, 4, 6]);

/** Consecutive inputs that share a scale. */
const block = 32;

/** The exponent of the table's largest value, 6 = 1.5 · 2^2. */
const topExponent = 2;

/** MXFP4 of the OCP Microscaling Formats (MX) Specification 1.0: E2M1 elements, a power of two for every 32 of them. */
export const mxfp4: Method<z.output<typeof params>> = {
  id: 'mxfp4',
  label: 'Four-bit floating point, scales of powers of two',
  term: 'MXFP4 (OCP microscaling)',
  kind: 'quantize',
  group: 'format',
  help:
    'Rounds to 4-bit floats with a power of two for every 32 inputs of a row. Recent accelerators compute in it; such ' +
    'coarse scales cost some accuracy, so take NF4 where only size counts.',
  citation: {
    text: 'Rouhani et al. 2023, Microscaling Data Formats for Deep Learning',
    url: 'https://arxiv.org/abs/2310.10537',
  },
  needs: () => 'nothing',
  params,
  axis: { label: 'Bits per weight', unit: 'bits', levels: [{ label: '4 bits', value: 4, params: {} }] },
  describe: () => ({ effect: 'rounding to MXFP4', how: `per block of ${block} inputs` }),
  apply: (matrices) => eachMatrix(matrices, quantize),
};

/**
 * The scale is 2^(floor(log2(max |w|)) - 2), its exponent from -127 to 127. Where rows end within a block, the last one
 * of a row is shorter; a run of the grid is then the largest part that fills blocks and rows, and blocks repeat their scale.
 */
function quantize(matrix: Matrix): Matrix {
  const { rows, columns } = matrix;
  const group = columns <= block ? columns : commonDivisor(columns, block);
  const largest = largestOf(matrix, group);
  const runs = columns / group;
  const perBlock = Math.max(1, block / group);
  const largestBits = bitsOf(largest);
  const scales = new Float32Array(largest.length);
  const scaleBits = bitsOf(scales);
  for (let row = 0; row < rows; row++)
    for (let from = 0; from < runs; from += perBlock) {
      const start = row * runs + from;
      const end = row * runs + Math.min(from + perBlock, runs);
      let max = 0;
      for (let run = start; run < end; run++) max = Math.max(max, largestBits[run]);
      // The biased exponent of the scale; below 1 it is 2^-127, which float32 holds as a denormal number.
      const exponent = (max >>> 23) - topExponent;
      const bits = exponent < 1 ? 1 << 22 : exponent << 23;
      for (let run = start; run < end; run++) scaleBits[run] = bits;
    }
  return roundToTable(matrix, table, {
    bits: 4,
    group,
    scales,
    overheadBits: 8 * rows * Math.ceil(columns / block),
  });
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
