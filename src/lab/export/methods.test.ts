import { readFileSync } from 'node:fs';
import * as web from 'onnxruntime-web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Matrix } from '../compress/method.ts';
import { methodList } from '../compress/methods/index.ts';
import { parseRecipe } from '../compress/recipe.ts';
import { createOrtEngine } from '../engine/ort.ts';
import { loadModel } from '../model/load.ts';
import { Prober } from '../probe/prober.ts';
import { tinyFiles } from '../test/tiny.ts';
import { exportFormatIds, exportFormats, exportModel } from './index.ts';
import { compareAnswers, drawnRows, isAlike, runFiles, toleranceOf } from './verify.ts';

const engine = createOrtEngine(web, { threads: 1 });

describe('every method', () => {
  const files = tinyFiles('tiny-bert', readFileSync);
  const model = loadModel(files);
  const rows = drawnRows(model, 4);
  let prober: Prober;
  beforeAll(async () => {
    prober = await Prober.open(model, engine, () => drawnRows(model, 8));
  });
  afterAll(() => prober.close());

  /** Parameters with which a method has something to do in this model. */
  const fitting: Record<string, object[]> = {
    heads: [{ method: 'heads', scope: 'attention-block' }],
    hqq: [{ method: 'hqq', granularity: 'group-16' }],
    'low-rank-correction': [{ method: 'rtn', bits: 3 }, { method: 'low-rank-correction' }],
  };

  it.each(methodList.map(({ id }) => id))('is exported, or refused with a layer’s name: %s', async (id) => {
    const recipe = parseRecipe(fitting[id] ?? [{ method: id }]);
    const applied = await prober.apply(recipe);
    await prober.compress(recipe);
    const expected = await prober.logits(rows);
    const rounded = applied.matrices.filter(({ storage }) => storage.grid);
    // Dense exports of pruned layers alone are run in export.test.ts.
    for (const format of exportFormatIds) {
      const write = () => exportModel({ files, model, recipe, applied }, format);
      const holdsCodes = format === 'onnx-nbits' || format === 'onnx-qdq';
      const isHeld = ({ storage: { grid, correction } }: Matrix) =>
        !grid || (grid.kind === 'uniform' && !grid.keptColumns?.length && !correction);
      if (holdsCodes && (rounded.length === 0 || !applied.matrices.every(isHeld))) {
        const name = rounded.find((matrix) => !isHeld(matrix))?.site.name ?? 'No layer was rounded';
        expect(write).toThrow(expect.objectContaining({ kind: 'bad-recipe', message: expect.stringContaining(name) }));
      } else if (exportFormats[format].runs && rounded.length > 0) {
        const found = await runFiles(web, write(), rows, 'wasm');
        const likeness = compareAnswers(expected, found, toleranceOf(applied.matrices));
        expect([format, isAlike(likeness), likeness]).toEqual([format, true, likeness]);
      } else write();
    }
  });
});
