import { readFileSync } from 'node:fs';
import * as node from 'onnxruntime-node';
import * as web from 'onnxruntime-web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findModel } from '../../../cli/folder.ts';
import { type Applied, applyRecipe, parseRecipe } from '../compress/recipe.ts';
import { createOrtEngine } from '../engine/ort.ts';
import type { ModelInput } from '../family/model-input.ts';
import { loadModel, type Model, type ModelFiles } from '../model/load.ts';
import { parseOnnx } from '../onnx/onnx.ts';
import { readFloats } from '../onnx/tensors.ts';
import { Prober, type RawAnswer } from '../probe/prober.ts';
import { tinyFiles, tinyIds, tinyLogits } from '../test/tiny.ts';
import {
  type ExportFiles,
  type ExportFormatId,
  exportFormatIds,
  exportFormats,
  exportModel,
  type Manifest,
  manifestFile,
} from './index.ts';
import { readSafetensors } from './safetensors-file.ts';
import { compareAnswers, drawnRows, isAlike, type Runtime, runFiles } from './verify.ts';

const engine = createOrtEngine(web, { threads: 1 });
/** Equal to the last bit; comparing a million numbers one by one would take its time. */
const same = (a: ArrayBufferView, b: ArrayBufferView) =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

const runtimes: [Runtime, string][] = [
  [web, 'wasm'],
  [node as unknown as Runtime, 'cpu'],
];

/** Layers of all kinds: pruned and rounded, rounded in groups, pruned alone, and some that stay as they were. */
const steps = [
  { method: 'magnitude-layer', scope: 'attention', sparsity: 0.3 },
  { method: 'rtn', scope: 'attention', bits: 4, scheme: 'asymmetric', granularity: 'group-16' },
  { method: 'rtn', scope: 'decoder', bits: 8 },
  { method: 'magnitude-layer', scope: 'decoder', sparsity: 0.2 },
  { method: 'magnitude-layer', scope: 'mlp', sparsity: 0.5 },
];

/** The files of an export as the lab's loader wants them. */
const filesOf = (made: ExportFiles): ModelFiles => ({
  graphs: made,
  config: text(made.get('config.json')),
  tokenizer: text(made.get('tokenizer.json')),
  tokenizerConfig: text(made.get('tokenizer_config.json')),
});

function suite(name: string, open: () => Promise<ModelFiles>, rowsOf: (model: Model) => ModelInput[]) {
  describe(name, () => {
    const recipe = parseRecipe(steps);
    let files: ModelFiles;
    let model: Model;
    let applied: Applied;
    let rows: ModelInput[];
    /** What the lab says, of the model as it is and compressed. */
    let plain: RawAnswer[];
    let expected: RawAnswer[];
    const made = new Map<ExportFormatId, ExportFiles>();
    beforeAll(async () => {
      files = await open();
      model = loadModel(files);
      rows = rowsOf(model);
      const prober = await Prober.open(model, engine, () => []);
      plain = await prober.logits(rows);
      applied = await prober.apply(recipe);
      await prober.compress(recipe);
      expected = await prober.logits(rows);
      await prober.close();
      for (const id of exportFormatIds) made.set(id, exportModel({ files, model, recipe, applied }, id));
    });
    afterAll(() => made.clear());

    it('is another model than it was', () => {
      expect(isAlike(compareAnswers(plain, expected))).toBe(false);
    });

    it.each(exportFormatIds.filter((id) => exportFormats[id].runs))(
      'answers as in the lab, in onnxruntime-web and onnxruntime-node: %s',
      async (id) => {
        for (const [runtime, provider] of runtimes) {
          const likeness = compareAnswers(expected, await runFiles(runtime, made.get(id)!, rows, provider));
          expect([provider, isAlike(likeness), likeness]).toEqual([provider, true, likeness]);
        }
      },
    );

    it('says of itself what it is', () => {
      for (const [id, written] of made) {
        const manifest: Manifest = JSON.parse(text(written.get(manifestFile)));
        expect(manifest).toMatchObject({ format: id, source: model.sha256, recipe });
        expect(manifest.files).toEqual([...written.keys()].filter((file) => file !== manifestFile));
        const graphs = [...written].filter(([file]) => file.endsWith('.onnx'));
        if (exportFormats[id].runs) expect(graphs.map(([file]) => file)).toEqual([...files.graphs.keys()]);
        for (const [, bytes] of graphs) {
          const about = new Map(parseOnnx(bytes).metadataProps.map(({ key, value }) => [key, value ?? '']));
          expect(about.get('lossy.source')).toBe(model.sha256);
          expect(JSON.parse(about.get('lossy.recipe')!)).toEqual(recipe);
          expect(JSON.parse(about.get('lossy.report')!)).toEqual(JSON.parse(JSON.stringify(applied.report)));
          expect(about.get('lossy.description')).toBe(manifest.description);
        }
      }
    });

    it('can be opened by the lab again where it is dense, with the weights that it had', () => {
      const again = loadModel(filesOf(made.get('onnx')!));
      expect(again.sites.map((site) => site.name)).toEqual(model.sites.map((site) => site.name));
      const changed = new Map(applied.matrices.map(({ site, values }) => [site.name, values]));
      for (const [at, { site, values }] of model.weights.entries())
        expect([site.name, same(again.weights[at].values, changed.get(site.name) ?? values)]).toEqual([
          site.name,
          true,
        ]);
    });

    it.each(['onnx-nbits', 'onnx-qdq'] as const)('is refused by the lab where it holds codes: %s', (id) => {
      expect(() => loadModel(filesOf(made.get(id)!))).toThrow(
        expect.objectContaining({ kind: 'bad-model', message: expect.stringContaining('codes instead of weights') }),
      );
    });

    it('has every weight once as safetensors, and the masks of pruned layers', () => {
      const { tensors, metadata } = readSafetensors(made.get('safetensors')!.get('model.safetensors')!);
      const types: Record<string, number> = { F32: 1, F16: 10 };
      const floats = (name: string) => {
        const { dtype, shape, data } = tensors.get(name)!;
        return readFloats({ dataType: types[dtype], dims: shape.map(BigInt), rawData: data } as never);
      };
      const changed = new Map(applied.matrices.map(({ site, values }) => [site.name, values]));
      const shared = JSON.parse(metadata['lossy.shared']);
      for (const { site, values } of model.weights) {
        const now = changed.get(site.name) ?? values;
        if (shared[site.name] === undefined) {
          expect(tensors.get(site.name)!.shape).toEqual(site.shape);
          expect([site.name, same(floats(site.name), now)]).toEqual([site.name, true]);
        } else expect(tensors.has(shared[site.name])).toBe(true);
        const mask = tensors.get(`${site.name}.mask`);
        const isPruned = changed.has(site.name);
        expect(mask !== undefined).toBe(isPruned);
        if (mask)
          expect(
            same(
              mask.data,
              Uint8Array.from(now, (value) => (value === 0 ? 0 : 1)),
            ),
          ).toBe(true);
      }
      // Norms, embeddings and biases are there too, and nothing twice: but for the copy that untying makes.
      const untied = model.sites.filter(({ name, tied }) => tied && changed.has(name));
      const extra = untied.reduce((sum, { shape }) => sum + shape[0] * shape[1], 0);
      const vectors = [...tensors].filter(([tensor]) => !tensor.endsWith('.mask'));
      const count = vectors.reduce((sum, [, { shape }]) => sum + shape.reduce((product, size) => product * size, 1), 0);
      const scalars = model.proto.graph.initializer.filter(
        ({ dims, dataType }) => dims.length === 0 && [1, 10].includes(dataType ?? 0),
      ).length;
      expect(count).toBe(model.parameters + extra - scalars);
    });
  });
}

for (const id of tinyIds)
  suite(
    id,
    async () => tinyFiles(id, readFileSync),
    () => {
      const { text: own, logits } = tinyLogits(id, readFileSync);
      return logits.map((_, at) => ({ ...own, picks: [{ at, gold: [7] }] }));
    },
  );

suite(
  'bert-mini',
  async () => (await findModel('bert-mini')).files,
  (model) => drawnRows(model, 4),
);

it('goes with masks and other files where that is wanted', async () => {
  const files = tinyFiles('tiny-bert', readFileSync);
  const model = loadModel(files);
  const prober = await Prober.open(model, engine, () => []);
  const recipe = parseRecipe(steps);
  const applied = await prober.apply(recipe);
  await prober.close();
  const beside = new Map([['LICENSE', new TextEncoder().encode('MIT')]]);
  const job = { files, model, recipe, applied };
  const made = exportModel(job, 'onnx-nbits', { masks: true, beside });
  const { tensors, metadata } = readSafetensors(made.get('masks.safetensors')!);
  expect([...tensors.keys()].every((tensor) => tensor.endsWith('.mask'))).toBe(true);
  expect(metadata['lossy.source']).toBe(model.sha256);
  expect(text(made.get('LICENSE'))).toBe('MIT');
  expect([...exportModel(job, 'safetensors', { masks: true }).keys()]).not.toContain('masks.safetensors');
});

it('cannot be opened by the lab again where it rounds what enters layers', () => {
  const files = tinyFiles('tiny-bert', readFileSync);
  const model = loadModel(files);
  const recipe = parseRecipe([{ method: 'rtn', bits: 8 }]);
  const { matrices, report } = applyRecipe(model.weights, recipe);
  const rounding = matrices.map((matrix) => ({ ...matrix, activations: { kind: 'token' as const, bits: 8 } }));
  const made = exportModel({ files, model, recipe, applied: { matrices: rounding, report } }, 'onnx');
  expect(() => loadModel(filesOf(made))).toThrow(
    expect.objectContaining({ kind: 'bad-model', message: expect.stringContaining('rounds what enters its layers') }),
  );
});

it('is not made of other files than the model’s', () => {
  const files = tinyFiles('tiny-bert', readFileSync);
  const model = loadModel(files);
  const applied = { matrices: [], report: { sites: [] } } as unknown as Applied;
  const others = tinyFiles('tiny-gpt2', readFileSync);
  expect(() => exportModel({ files: { ...files, graphs: others.graphs }, model, recipe: [], applied }, 'onnx')).toThrow(
    expect.objectContaining({ kind: 'internal' }),
  );
});
