import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parseRecipe } from './compress/recipe.ts';
import { createOrtEngine } from './engine/ort.ts';
import { LabError } from './errors.ts';
import { requireAlike } from './export/write.ts';
import { loadModel } from './model/load.ts';
import { Prober } from './probe/prober.ts';
import { LabSession, type SessionParts } from './session.ts';
import { parseFactFiles } from './suite/suite.ts';
import { tinyFiles } from './test/tiny.ts';

const engine = createOrtEngine(ort, { threads: 1 });
const files = tinyFiles('tiny-bert', readFileSync);
const model = { ...loadModel(files), name: 'tiny-bert' };
const facts = Array.from({ length: 12 }, (_, i) => ({ relation: 'r', subject: `w${5 + i}`, object: `w${30 + i}` }));
const suite = {
  ...parseFactFiles(
    facts.map((fact) => JSON.stringify(fact)).join('\n'),
    JSON.stringify({ r: { train: ['[X] w20 [Y] .'], probe: ['w21 [X] w22 [Y] .'] } }),
    'tiny',
  ),
  name: 'tiny',
};
const open = (parts: Partial<SessionParts> = {}) => new LabSession({ model, files, suite, engine, ...parts });
const half = parseRecipe([{ method: 'magnitude-layer', sparsity: 0.5 }]);
const rounded = parseRecipe([{ method: 'rtn', bits: 2 }]);

let session: LabSession;
beforeAll(() => {
  session = open();
});
afterAll(() => session.close());

it('answers the same in parts as at once, and sums them up', async () => {
  const { order } = session.probes();
  const wording = suite.wordings[0];
  const first = await session.evaluate({ recipe: half, wording, from: 0, to: 5 });
  const rest = await session.evaluate({ recipe: half, wording, from: 5, to: order.length });
  const { result, predictions } = await session.run(half);
  expect([...first.predictions.ranks, ...rest.predictions.ranks]).toEqual(
    Array.from(order, (number) => predictions.ranks[number]),
  );
  expect(result).toMatchObject({ probes: facts.length, recipe: half, model: { name: 'tiny-bert' } });
  expect(result.hits).toBe(predictions.ranks.filter((rank) => rank === 1).length);
  expect(first.report.total.sparsity).toBeGreaterThan(0.1);
});

it('asks the first of the stratified order where there is a limit', async () => {
  const { predictions } = await session.run(half, { limit: 3 });
  const asked = [...predictions.ranks.keys()].filter((number) => predictions.ranks[number] > 0);
  expect(asked).toEqual([...session.probes().order.subarray(0, 3)].sort((a, b) => a - b));
});

it('compresses once for all that is done at a recipe', async () => {
  const prober = await session.start();
  const apply = vi.spyOn(prober, 'apply');
  await session.run(rounded, { limit: 1, reconstruct: true });
  await session.histogram(rounded, model.sites[0].name, 8);
  const before = engine.runs;
  await session.histogram(rounded, model.sites[0].name, 8);
  expect(engine.runs).toBe(before);
  expect(apply).toHaveBeenCalledTimes(1);
  apply.mockRestore();
});

it('measures layers at the recipe that is asked for, whatever was last', async () => {
  const name = model.sites.find(({ kind }) => kind === 'query')!.name;
  const errorAt = async (recipe: typeof half) => (await session.reconstruct(recipe)).find(({ site }) => site === name);
  const [one, other, again] = [await errorAt(half), await errorAt(rounded), await errorAt(half)];
  expect(one).toBeDefined();
  expect(other).not.toEqual(one);
  expect(again).toEqual(one);
});

it('stops where the signal is given, and can be used on', async () => {
  const stop = new AbortController();
  const stopped = session.run(parseRecipe([{ method: 'rtn', bits: 3 }]), {
    signal: stop.signal,
    yieldNow: async () => stop.abort(),
  });
  await expect(stopped).rejects.toMatchObject({ kind: 'cancelled' });
  expect((await session.run([], { limit: 2 })).result.probes).toBe(2);
});

it('tries again to start after a start that failed', async () => {
  let tries = 0;
  const flaky = open({
    engine: async (model, texts) => {
      if (tries++ === 0) throw new LabError('device-lost', 'Gone.');
      return Prober.open(model, engine, texts);
    },
  });
  await expect(flaky.run([])).rejects.toMatchObject({ kind: 'device-lost' });
  expect((await flaky.run([], { limit: 1 })).result.probes).toBe(1);
  await flaky.close();
});

it.each([
  ['a suite', suite],
  ['none', null],
])('exports files that answer as the lab does, with %s', async (_, suite) => {
  const exporting = open({ suite });
  const written = await exporting.export(half, 'onnx', { runtime: async () => ort, compared: 4 });
  expect(written.verified).toMatchObject({ texts: 4, same: 4 });
  expect([...written.files.keys()]).toContain('model.onnx');
  await exporting.close();
});

it('checks what was stored, and refuses what answers otherwise', async () => {
  const written = await session.export(half, 'onnx', {
    runtime: async () => ort,
    store: async (made) => new Map(made).set('model.onnx', files.graphs.get('model.onnx')!),
  });
  expect(() => requireAlike(written, 'Do not use it.')).toThrow('predicts something else');
});

it('says what it lacks', async () => {
  expect(() => open({ suite: null }).suite).toThrow('no suite');
  await expect(open({ files: undefined }).export([], 'onnx')).rejects.toThrow('without the files');
});
