import { readFileSync } from 'node:fs';
import * as node from 'onnxruntime-node';
import * as web from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { applyRecipe, parseRecipe } from '../compress/recipe.ts';
import { createOrtEngine } from '../engine/ort.ts';
import type { Row } from '../family/row.ts';
import { loadModel } from '../model/load.ts';
import { tinyFiles, tinyIds, tinyLogits } from '../model/tiny.ts';
import { Prober } from '../probe/prober.ts';
import { onnx } from './onnx.ts';
import { onnxNbits } from './onnx-nbits.ts';
import { onnxQdq } from './onnx-qdq.ts';
import { compareAnswers, type Runtime, runFiles } from './verify.ts';

const engine = createOrtEngine(web, { threads: 1 });

describe.each(tinyIds)('%s', (id) => {
  const files = tinyFiles(id, readFileSync);
  const model = loadModel(files);
  const { text, logits } = tinyLogits(id, readFileSync);
  const rows: Row[] = logits.map((_, at) => ({ ...text, picks: [{ at, gold: [7] }] }));
  for (const format of [onnx, onnxNbits, onnxQdq])
    it.each([
      [[{ method: 'rtn', bits: 8 }]],
      [[{ method: 'rtn', bits: 3, granularity: 'tensor', scheme: 'asymmetric' }]],
      [[{ method: 'rtn', bits: 8, scheme: 'asymmetric' }]],
      [[{ method: 'rtn', bits: 2, granularity: 'group-16', scope: 'attention', scheme: 'asymmetric' }]],
      [[{ method: 'rtn', bits: 8, granularity: 'group-8', scope: 'attention', scheme: 'asymmetric' }]],
      [[{ method: 'rtn', bits: 8, granularity: 'group-8', scope: 'attention', scheme: 'symmetric' }]],
      [
        [
          { method: 'rtn', bits: 4 },
          { method: 'magnitude-layer', scope: 'decoder', sparsity: 0.5 },
        ],
      ],
    ])('dense %s', async (steps) => {
      const recipe = parseRecipe(steps);
      const applied = applyRecipe(model.weights, recipe, model);
      const made = format.write({ files, model, recipe, applied });
      const prober = await Prober.open(model, engine, []);
      await prober.compress(recipe);
      const expected = await prober.logits(rows);
      await prober.close();
      for (const [runtime, provider] of [
        [web, 'wasm'],
        [node, 'cpu'],
      ] as const) {
        const found = await runFiles(runtime as unknown as Runtime, made, rows, provider);
        console.log(
          format.id,
          JSON.stringify(steps),
          id,
          provider,
          compareAnswers(expected, found),
          [...made.values()].map((b) => b.length),
          [...files.graphs.values()].map((b) => b.length),
        );
      }
    });
});
