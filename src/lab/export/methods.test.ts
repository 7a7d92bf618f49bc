import { readFileSync } from 'node:fs';
import * as web from 'onnxruntime-web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { controls } from '../compress/controls.ts';
import { misfit } from '../compress/fit.ts';
import type { Matrix, Method } from '../compress/method.ts';
import { methodList } from '../compress/methods/index.ts';
import { parseRecipe, type Recipe } from '../compress/recipe.ts';
import { scopeIds } from '../compress/scope.ts';
import { createOrtEngine } from '../engine/ort.ts';
import { loadModel } from '../model/load.ts';
import { Prober } from '../probe/prober.ts';
import { tinyFiles } from '../test/tiny.ts';
import { exportFormatIds, exportFormats, exportModel } from './index.ts';
import { compareAnswers, drawnRows, isAlike, runFiles, toleranceOf } from './verify.ts';

const engine = createOrtEngine(web, { threads: 1 });

describe('every method is exported, or refused with a layer’s name', () => {
  const files = tinyFiles('tiny-bert', readFileSync);
  const model = loadModel(files);
  const rows = drawnRows(model, 4);
  let prober: Prober;
  beforeAll(async () => {
    prober = await Prober.open(model, engine, () => drawnRows(model, 8));
  });
  afterAll(() => prober.close());

  /** A recipe with which a method has something to do in this model: in the first scope and granularity that fit. */
  function fittingRecipe(method: Method): Recipe {
    const isGrouped = controls(method).some(({ name }) => name === 'granularity');
    const step = scopeIds
      .flatMap((scope) => [{ scope }, ...(isGrouped ? [{ scope, granularity: 'group-16' }] : [])])
      .find(({ scope, ...given }) => misfit(method, scope, method.params.parse(given), model) === null);
    expect(step, `no scope of the tiny model fits ${method.id}`).toBeDefined();
    return parseRecipe([...(method.corrects ? [{ method: 'rtn', bits: 3 }] : []), { method: method.id, ...step }]);
  }

  it.each(methodList.map((method) => [method.id, method] as const))('%s', async (_, method) => {
    const recipe = fittingRecipe(method);
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
