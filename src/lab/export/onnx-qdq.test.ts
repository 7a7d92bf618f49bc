import * as node from 'onnxruntime-node';
import * as web from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { type CodeGrid, type Matrix, quantized } from '../compress/method.ts';
import { rtn } from '../compress/methods/rtn.ts';
import { TensorProto_DataType as Type } from '../onnx/gen/onnx_pb.ts';
import { intAttribute } from '../onnx/onnx.ts';
import { fixtureRows, graphOf, jobOf, tiedEncoder } from '../test/exports.ts';
import { tinyEncoder } from '../test/graphs.ts';
import { compress } from '../test/matrices.ts';
import { onnx } from './onnx.ts';
import { onnxQdq } from './onnx-qdq.ts';
import { compareAnswers, isAlike, type Runtime, runFiles } from './verify.ts';

const round = (params: object) => (matrix: Matrix) => compress(rtn, [matrix], rtn.params.parse(params))[0];

/** The same model with operators of another version; those that the tiny one has did not change. */
function withOpset<P extends ReturnType<typeof tinyEncoder>>(proto: P, version: number): P {
  proto.opsetImport[0].version = BigInt(version);
  if (version >= 21) proto.irVersion = 10n;
  return proto;
}

const rows = fixtureRows([3, 1, 7, 4, 9]);

const runtimes: [string, Runtime, string][] = [
  ['onnxruntime-web', web, 'wasm'],
  ['onnxruntime-node', node as unknown as Runtime, 'cpu'],
];

describe.each(runtimes)('in %s', (_, runtime, provider) => {
  it.each([
    ['a scale for a matrix', 17, false, { granularity: 'tensor' }],
    ['a scale for a matrix and a zero point', 17, false, { granularity: 'tensor', scheme: 'asymmetric' }],
    ['a scale for a row', 17, false, {}],
    ['a scale for a row and a zero point', 17, true, { scheme: 'asymmetric' }],
    ['a scale for a group, each a row of its own', 17, false, { granularity: 'group-2', scheme: 'asymmetric' }],
    ['the same for Gemm', 17, true, { granularity: 'group-2' }],
    ['a scale for a group, as operator set 21 has it', 21, false, { granularity: 'group-2', scheme: 'asymmetric' }],
    ['the same for Gemm', 21, true, { granularity: 'group-2', scheme: 'asymmetric' }],
  ])('the graph says what the dense one says: %s, operator set %i, Gemm: %s', async (__, opset, gemm, params) => {
    const job = jobOf(withOpset(tiedEncoder({ gemm }), opset), round({ bits: 8, ...params }));
    const run = (files: Map<string, Uint8Array>) => runFiles(runtime, files, rows, provider);
    const dense = await run(onnx.write(job));
    const likeness = compareAnswers(dense, await run(onnxQdq.write(job)));
    expect([isAlike(likeness), likeness]).toEqual([true, likeness]);
    // Rounding is seen in the logits: what is compared is not the model as it was.
    expect(compareAnswers(dense, await run(job.files.graphs as Map<string, Uint8Array>)).worst).toBeGreaterThan(1e-4);
  });
});

describe('the bytes', () => {
  const parts = (params: object) => {
    const { graph } = graphOf(onnxQdq.write(jobOf(tinyEncoder(), round({ bits: 8, ...params }))));
    const node = graph.node.find(({ output }) => output[0] === 'encoder.0.feed-forward.output.weights')!;
    const tensors = node.input.map((name) => graph.initializer.find((tensor) => tensor.name === name)!);
    return { node, tensors };
  };

  it('are signed and without a zero point where the grid is symmetric', () => {
    const { node, tensors } = parts({});
    expect(tensors.map(({ dataType }) => dataType)).toEqual([Type.INT8, Type.FLOAT]);
    expect(tensors.map(({ dims }) => dims.map(Number))).toEqual([[1, 6, 4], [4]]);
    expect(intAttribute(node, 'axis', -1)).toBe(2);
    // The largest weight of each output has the highest code.
    const codes = new Int8Array(tensors[0].rawData.slice().buffer);
    for (let r = 0; r < 4; r++) expect(Math.max(...codes.filter((_, i) => i % 4 === r).map(Math.abs))).toBe(127);
  });

  it('are unsigned with a zero point where it is not', () => {
    const { tensors } = parts({ scheme: 'asymmetric', granularity: 'tensor' });
    expect(tensors.map(({ dataType }) => dataType)).toEqual([Type.UINT8, Type.FLOAT, Type.UINT8]);
    expect(tensors.map(({ dims }) => dims.length)).toEqual([3, 0, 0]);
  });

  it('never feed a MatMul directly, which ONNX Runtime would compute otherwise', () => {
    for (const granularity of ['tensor', 'channel', 'group-2']) {
      const { graph } = graphOf(onnxQdq.write(jobOf(tinyEncoder(), round({ bits: 8, granularity }))));
      const weights = new Set(
        graph.node.filter(({ opType }) => opType === 'DequantizeLinear').flatMap((n) => n.output),
      );
      expect(weights.size).toBe(8);
      for (const { opType, input } of graph.node)
        if (input.some((name) => weights.has(name))) expect(opType).toBe('Reshape');
    }
  });
});

it.each([
  ['zero points between whole numbers', 4, Float32Array.of(0.5), 'zero points are no whole numbers'],
  ['a scale for weights across rows', 5, null, 'a scale is for 5 weights, across its rows'],
])('%s are refused', (_, group, zeros, message) => {
  const change = (matrix: Matrix) => {
    if (matrix.site.kind !== 'query') return matrix;
    const runs = Math.ceil(16 / group);
    const grid: CodeGrid = {
      kind: 'uniform',
      bits: 4,
      group,
      scales: new Float32Array(runs).fill(1),
      zeros: zeros && new Float32Array(runs).fill(zeros[0]),
    };
    return quantized(
      matrix,
      Float32Array.from({ length: 16 }, (__, i) => (i % 8) - (zeros?.[0] ?? 0)),
      grid,
      0,
    );
  };
  expect(() => onnxQdq.write(jobOf(tinyEncoder(), change))).toThrow(message);
});
