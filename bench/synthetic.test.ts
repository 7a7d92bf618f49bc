import * as ort from 'onnxruntime-web';
import { expect, test } from 'vitest';
import { findSites } from '../src/lab/model/sites.ts';
import { parseOnnx } from '../src/lab/onnx/onnx.ts';
import { encoderGraph } from './encoder.ts';

const shape = { layers: 2, hidden: 8, heads: 2 };
const vocabulary = 20;

test('a synthetic encoder has the layers of a BERT', () => {
  const { graph } = parseOnnx(encoderGraph(shape, vocabulary));
  const sites = findSites(graph, { family: 'encoder', stack: 'encoder', hasLogits: true });
  const block = ['query', 'key', 'value', 'attention-output', 'intermediate', 'output'];
  expect(sites.map(({ kind }) => kind)).toEqual([...block, ...block, 'transform', 'decoder']);
  expect(sites.find(({ kind }) => kind === 'intermediate')?.shape).toEqual([32, 8]);
  expect(sites.find(({ kind }) => kind === 'decoder')).toMatchObject({ shape: [vocabulary, 8], tied: true });
});

test('it runs, and what is masked has no part in the answer', async () => {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(encoderGraph(shape, vocabulary), { executionProviders: ['wasm'] });
  const ask = async (ids: number[], attended: number[]) => {
    const tensor = (values: number[]) =>
      new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
    const { logits } = await session.run({
      input_ids: tensor(ids),
      attention_mask: tensor(attended),
      token_type_ids: tensor(ids.map(() => 0)),
    });
    expect(logits.dims).toEqual([1, ids.length, vocabulary]);
    return Array.from((logits.data as Float32Array).subarray(0, 3 * vocabulary));
  };
  const alone = await ask([2, 7, 3], [1, 1, 1]);
  const padded = await ask([2, 7, 3, 9], [1, 1, 1, 0]);
  const other = await ask([2, 8, 3], [1, 1, 1]);
  const distance = (values: number[]) => Math.max(...values.map((value, i) => Math.abs(value - alone[i])));
  expect(alone.every(Number.isFinite)).toBe(true);
  expect(distance(padded)).toBeLessThan(1e-5);
  expect(distance(other)).toBeGreaterThan(1e-3);
  await session.release();
});
