import { z } from 'zod';
import { eachMatrix, type Matrix, type Method, quantized } from '../method.ts';
import { bitsOf } from '../shared/finite.ts';
import { clip, rounder } from '../shared/grid.ts';
import { largestOf } from '../shared/table.ts';

const params = z.strictObject({
  engine: z
    .enum(['fbgemm', 'qnnpack'])
    .default('fbgemm')
    .meta({
      title: 'Engine',
      words: { fbgemm: 'x86 processors (FBGEMM)', qnnpack: 'ARM processors (QNNPACK)' },
      description: 'What torch computes with: fbgemm (PCs) rounds activations to 7 bits, qnnpack (phones) to 8.',
    }),
});

type Params = z.output<typeof params>;

/** Codes that activations reach: fbgemm leaves a bit unused, so that sums of products do not overflow (reduce_range). */
const tops = { fbgemm: 127, qnnpack: 255 } as const;

/** The least scale that torch's observers give: float32's epsilon. */
const least = 2 ** -23;

/** Bits of a stored scale: torch keeps one for each matrix. */
const scaleBits = 32;

/**
 * What torch.ao.quantization.quantize_dynamic makes of linear layers, to the bit: weights on one grid a matrix
 * (MinMaxObserver, qint8, per_tensor_symmetric), codes from -128 to 127, and inputs rounded for each text as they come.
 */
export const torchDynamicInt8: Method<Params> = {
  id: 'torch-dynamic-int8',
  label: 'Eight bits as PyTorch does it, activations rounded as they come',
  term: 'dynamic int8 quantization (torch)',
  kind: 'quantize',
  group: 'int8',
  help:
    'Rounds weights to eight bits with one scale per matrix, and what enters each layer to 7 or 8 bits, text by text: what ' +
    'quantize_dynamic of PyTorch computes. It needs no measuring; one large weight or input makes all steps coarse.',
  citation: {
    text: 'Jacob et al. 2017, Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference',
    url: 'https://arxiv.org/abs/1712.05877',
  },
  needs: () => 'nothing',
  params,
  axis: { label: 'Bits per weight', unit: 'bits', levels: [{ label: '8 bits', value: 8, params: {} }] },
  describe: ({ engine }) => ({ effect: '8-bit weights and activations', how: `dynamic, as torch’s ${engine}` }),
  apply: (matrices, params) => eachMatrix(matrices, (matrix) => quantize(matrix, params)),
};

function quantize(matrix: Matrix, { engine }: Params): Matrix {
  const { values: source } = matrix;
  const group = source.length;
  const [largest] = largestOf(matrix, group);
  // The range of 2 · max |w| over 255 steps, so that the largest weight lies half a step beyond the last code.
  const scale = Math.max(Math.fround(largest / 127.5), least);
  const inverse = Math.fround(1 / scale);
  const values = new Float32Array(group);
  clip(bitsOf(source), 0, bitsOf(values), 0, group, -128 * scale, 127 * scale);
  for (let i = 0; i < group; i++) values[i] = (Math.fround(values[i] * inverse) + rounder - rounder) * scale;
  const scales = Float32Array.of(scale);
  const made = quantized(matrix, values, { kind: 'uniform', bits: 8, group, scales, zeros: null }, scaleBits);
  return { ...made, activations: { kind: 'text-affine', top: tops[engine] } };
}
