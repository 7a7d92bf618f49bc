import * as node from 'onnxruntime-node';
import * as web from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import type { ActivationQuantizer, CodeGrid, Matrix } from '../compress/method.ts';
import { quantized } from '../compress/method.ts';
import { makeNode } from '../onnx/onnx.ts';
import { fixtureRows, jobOf } from '../test/exports.ts';
import { makeModel, noise } from '../test/graphs.ts';
import { weightTensor } from './floats.ts';
import { onnx } from './onnx.ts';
import { onnxNbits } from './onnx-nbits.ts';
import { onnxQdq } from './onnx-qdq.ts';
import { compareAnswers, isAlike, type Runtime, runFiles } from './verify.ts';

const [words, width, vocabulary] = [12, 16, 10];
const embedding = Float32Array.from(noise(words * width, 1));
const columnScales = Float32Array.from({ length: width }, (_, c) => [0.5, 1, 3][c % 3]);

/** Logits are a word's embedding times a matrix: what enters the only layer is known. */
const proto = makeModel(
  [makeNode('Gather', '', ['embedding', 'input_ids'], ['x']), makeNode('MatMul', '', ['x', 'w'], ['logits'])],
  [
    weightTensor('embedding', [words, width], embedding),
    weightTensor('w', [width, vocabulary], Float32Array.from(noise(width * vocabulary, 2))),
  ],
  'logits',
);

/** The layer on a grid of 8 bits with a scale for each row. */
function round(matrix: Matrix, scaled: boolean): Matrix {
  const { rows, columns } = matrix;
  const scales = new Float32Array(rows).fill(1 / 100);
  const values = matrix.values.map((value, i) => {
    const factor = scaled ? columnScales[i % columns] : 1;
    return (Math.round(Math.min(Math.max(value * factor * 100, -127), 127)) * scales[0]) / factor;
  });
  const grid: CodeGrid = {
    kind: 'uniform',
    bits: 8,
    group: columns,
    scales,
    zeros: null,
    ...(scaled && { columnScales }),
  };
  return quantized(matrix, values, grid, 0);
}

/** What enters the layer for each token, rounded by the definition. */
function roundInputs(inputs: readonly number[][], quantizer: ActivationQuantizer): number[][] {
  if (quantizer.kind === 'text-affine') {
    const all = inputs.flat();
    const scale = (Math.max(...all, 0) - Math.min(...all, 0)) / quantizer.top;
    const zero = Math.round(-Math.min(...all, 0) / scale);
    const code = (x: number) => Math.min(Math.max(Math.round(x / scale + zero), 0), 255);
    return inputs.map((token) => token.map((x) => (code(x) - zero) * scale));
  }
  const { bits, columnScales: factors, keptColumns = new Uint32Array() } = quantizer;
  return inputs.map((token) => {
    const divided = token.map((x, c) => x / (factors?.[c] ?? 1));
    const rest = divided.map((x, c) => (keptColumns.includes(c) ? 0 : x));
    const scale = Math.max(...rest.map(Math.abs)) / (2 ** (bits - 1) - 1);
    return rest.map((x, c) =>
      keptColumns.includes(c) ? token[c] : Math.round(x / scale) * scale * (factors?.[c] ?? 1),
    );
  });
}

const ids = [3, 1, 7, 4, 9];
const rows = fixtureRows(ids);
const inputs = ids.map((id) => [...embedding.subarray(id * width, (id + 1) * width)]);

const quantizers: [string, ActivationQuantizer][] = [
  ['each token by itself', { kind: 'token', bits: 8 }],
  ['each token to 4 bits, its columns scaled', { kind: 'token', bits: 4, columnScales }],
  ['each token but for outliers', { kind: 'token', bits: 4, keptColumns: Uint32Array.of(2, 11) }],
  ['all tokens of a text together', { kind: 'text-affine', top: 255 }],
  ['all tokens of a text together, in half of the range', { kind: 'text-affine', top: 127 }],
];

describe.each(quantizers)('a recipe that rounds what enters a layer, %s', (_, quantizer) => {
  const scaled = quantizer.kind === 'token' && quantizer.columnScales !== undefined;
  let rounded: Matrix | undefined;
  const job = jobOf(proto, (matrix) => {
    rounded = { ...round(matrix, scaled), activations: quantizer };
    return rounded;
  });
  const weights = Array.from({ length: vocabulary }, (__, r) => rounded!.values.subarray(r * width, (r + 1) * width));
  const logitsOf = (tokens: readonly number[][]) =>
    tokens.map((token) => {
      const logits = weights.map((row) => row.reduce((sum, w, c) => sum + w * token[c], 0));
      const order = [...logits.keys()].sort((a, b) => logits[b] - logits[a]);
      return { ids: order, logits: order.map((id) => logits[id]), logSumExp: 0 };
    });
  const expected = logitsOf(roundInputs(inputs, quantizer));

  it.each([onnx, onnxNbits, onnxQdq].map((format) => [format.id, format] as const))(
    'is exported with that: %s',
    async (__, format) => {
      const made = format.write(job);
      for (const [runtime, provider] of [
        [web, 'wasm'],
        [node as unknown as Runtime, 'cpu'],
      ] as const) {
        const found = await runFiles(runtime, made, rows, provider);
        const likeness = compareAnswers(expected, found, 1e-5);
        expect([provider, isAlike(likeness), likeness]).toEqual([provider, true, likeness]);
        // Unrounded inputs are told apart.
        expect(isAlike(compareAnswers(logitsOf(inputs), found, 1e-5))).toBe(false);
      }
    },
  );
});
