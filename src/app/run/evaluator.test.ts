import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseRecipe } from '../../lab/compress/recipe.ts';
import { LabError } from '../../lab/errors.ts';
import type { Result } from '../../lab/result/schema.ts';
import { ResultCache } from '../storage/result-cache.ts';
import { answersTo, FakeLab, failure, probeList } from '../test/fixture.ts';
import { LabClient } from './client.ts';
import { Evaluator } from './evaluator.ts';

const files = { model: 'tiny', suite: 'few' };
const recipe = parseRecipe([{ method: 'rtn' }]);
const { order } = probeList;
const lost = new LabError('device-lost', 'The GPU went away.');
const wrong = new LabError('device-wrong', 'The GPU answers differently.');

let lab: FakeLab;
let notices: string[];

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  lab = new FakeLab();
  notices = [];
});

afterEach(() => vi.unstubAllGlobals());

const makeEvaluator = (backend: 'auto' | 'wasm' | 'webgpu' = 'auto', client = new LabClient(lab.make)) =>
  new Evaluator(client, new ResultCache(), backend, { onNotice: ({ kind }) => notices.push(kind) });

/** What the next visit would find. */
const keptNow = async (evaluator: Evaluator) => new ResultCache().read(await evaluator.key(files, 'seen', recipe));

const advance = (evaluator: Evaluator, before: Result | null, onProgress?: (done: number) => void) =>
  evaluator.advance(files, probeList, recipe, before, { onProgress });

/** Goes on from what is kept until everything is asked. */
async function complete(evaluator: Evaluator): Promise<Result> {
  let stored = await keptNow(evaluator);
  while (!stored || stored.entry.asked < stored.entry.of) stored = await advance(evaluator, stored);
  return stored;
}

describe('advance', () => {
  it('keeps every piece as it comes', async () => {
    const evaluator = makeEvaluator();
    let stored: Result | null = null;
    for (const asked of [192, 704, 1200]) {
      stored = await advance(evaluator, stored);
      expect(stored.entry.asked).toBe(asked);
      expect(await keptNow(evaluator)).toStrictEqual(stored);
      expect(evaluator.computed).toBe(asked);
    }
    expect(lab.pieces).toEqual(['0-192', '192-704', '704-1200']);
    expect([lab.opens, lab.starts]).toEqual([['tiny'], ['auto']]);
  });

  it('puts pieces together to the answers of one run, and counts hits and seconds over all', async () => {
    const evaluator = makeEvaluator();
    const { entry, predictions } = await complete(evaluator);
    expect(predictions).toStrictEqual(answersTo(order));
    expect(entry).toMatchObject({
      key: await evaluator.key(files, 'seen', recipe),
      model: { name: 'tiny', parameters: 400 },
      suite: { name: 'few' },
      template: 'seen',
      recipe,
      asked: 1200,
      of: 1200,
      hits: 400,
      backend: 'auto of the test',
      seconds: 0.75,
    });
  });

  it('asks no further than it was told, and goes on from there', async () => {
    const evaluator = makeEvaluator();
    const first = await evaluator.advance(files, probeList, recipe, null, { most: 20 });
    expect(first.entry).toMatchObject({ asked: 20, of: 1200 });
    const second = await evaluator.advance(files, probeList, recipe, first, { most: 1000 });
    expect((await advance(evaluator, second)).predictions).toStrictEqual(answersTo(order.subarray(0, 704)));
    expect(lab.pieces).toEqual(['0-20', '20-192', '192-704']);
  });

  it('tells how far the piece is', async () => {
    const seen: number[] = [];
    await advance(makeEvaluator(), null, (done) => seen.push(done));
    expect(seen).toEqual([10]);
  });

  it('asks what is missing and no more where an earlier visit began', async () => {
    await advance(makeEvaluator(), null);
    lab = new FakeLab();
    const evaluator = makeEvaluator();
    expect((await complete(evaluator)).predictions).toStrictEqual(answersTo(order));
    expect(lab.pieces).toEqual(['192-704', '704-1200']);
    expect(evaluator.computed).toBe(1008);
  });

  it('asks nothing where an earlier visit came to the end', async () => {
    const before = await complete(makeEvaluator());
    lab = new FakeLab();
    expect(await complete(makeEvaluator())).toStrictEqual(before);
    expect(lab.pieces).toEqual([]);
  });
});

describe('what comes before asking', () => {
  it('is told, too', async () => {
    const told: unknown[] = [];
    await makeEvaluator().advance(files, probeList, recipe, null, { onPreparing: (progress) => told.push(progress) });
    await vi.waitFor(() => expect(told).toEqual([{ phase: 'compressing', share: 0.5 }]));
  });
});

describe('export', () => {
  it('opens the model, starts the runtime, and gives the files as the worker gives them', async () => {
    const told: unknown[] = [];
    const made = await makeEvaluator().export(files, { recipe, format: 'onnx' }, (step) => told.push(step));
    expect(made.files).toEqual([{ name: 'model.onnx', bytes: 2 }]);
    expect(made.zip).toEqual(Uint8Array.of(80, 75));
    expect([lab.opens, lab.starts]).toEqual([['tiny'], ['auto']]);
    await vi.waitFor(() => expect(told).toEqual([{ phase: 'packing', share: 0.5 }]));
  });

  it('can be stopped', async () => {
    const evaluator = makeEvaluator();
    lab.plans.export = ['wait'];
    const work = evaluator.export(files, { recipe, format: 'onnx' }, () => void evaluator.cancel());
    expect((await failure(() => work)).kind).toBe('cancelled');
  });
});

describe('reconstruction', () => {
  it('opens the model, starts the runtime, and gives what the worker gives', async () => {
    const told: unknown[] = [];
    const made = await makeEvaluator().reconstruction(files, recipe, (progress) => told.push(progress));
    expect(made).toEqual([{ site: 'rtn', relativeError: 0.25, varianceShare: 0.5, snrDb: 6 }]);
    expect([lab.opens, lab.starts]).toEqual([['tiny'], ['auto']]);
    await vi.waitFor(() => expect(told).toEqual([{ phase: 'comparing', share: 0.5 }]));
  });

  it('is cancelled as a piece is', async () => {
    const evaluator = makeEvaluator();
    lab.plans.reconstruction = ['wait'];
    const failed = failure(() => evaluator.reconstruction(files, recipe, () => void evaluator.cancel()));
    expect((await failed).kind).toBe('cancelled');
  });
});

describe('a histogram', () => {
  it('is asked of the opened model', async () => {
    const made = await makeEvaluator().histogram(files, { recipe, site: 'a', bins: 3 });
    expect(made).toEqual({ edges: [0, 1, 2, 3], before: [2, 2, 2], after: [1, 1, 1], zerosBefore: 0, zerosAfter: 3 });
    expect([lab.opens, lab.starts]).toEqual([['tiny'], ['auto']]);
  });
});

describe('a crash', () => {
  it('in the middle of a piece is told, and the piece is asked again of a new worker', async () => {
    const evaluator = makeEvaluator();
    const first = await advance(evaluator, null);
    lab.plans.evaluate = ['crash'];
    const seen: number[] = [];
    const second = await advance(evaluator, first, (done) => seen.push(done));
    expect(second.predictions).toStrictEqual(answersTo(order.subarray(0, 704)));
    expect(lab.pieces).toEqual(['0-192', '192-704', '192-704']);
    expect(lab.opens).toEqual(['tiny', 'tiny']);
    expect(lab.workers.map(({ ended }) => ended)).toEqual([true, false]);
    expect(notices).toEqual(['worker']);
    // The page took what the worker had told for done.
    expect(seen).toEqual([10, 0, 10]);
  });

  it.each(['open', 'start'] as const)('in %s is mended in the same way', async (call) => {
    lab.plans[call] = ['crash'];
    const { entry } = await advance(makeEvaluator(), null);
    expect(entry.asked).toBe(192);
    expect(lab.workers).toHaveLength(2);
    expect(notices).toEqual(['worker']);
  });

  it('is thrown the third time in a row, and what was finished is kept', async () => {
    const evaluator = makeEvaluator();
    const first = await advance(evaluator, null);
    lab.plans.evaluate = ['crash', 'crash', 'crash'];
    expect((await failure(() => advance(evaluator, first))).kind).toBe('worker');
    expect(lab.pieces).toHaveLength(1 + 3);
    expect(notices).toEqual(['worker', 'worker']);
    expect(await keptNow(evaluator)).toStrictEqual(first);
  });

  it('is forgotten with every piece that came through', async () => {
    const evaluator = makeEvaluator();
    lab.plans.evaluate = ['crash', 'crash', 'answer', 'crash', 'crash', 'answer'];
    const first = await advance(evaluator, null);
    expect((await advance(evaluator, first)).entry.asked).toBe(704);
    expect(notices).toHaveLength(4);
  });

  it('that was thrown does not keep the next try from working', async () => {
    const evaluator = makeEvaluator();
    lab.plans.evaluate = ['crash', 'crash', 'crash'];
    await failure(() => advance(evaluator, null));
    expect((await evaluator.probes(files, 'paraphrase')).template).toBe('paraphrase');
    expect((await advance(evaluator, null)).entry.asked).toBe(192);
  });

  it('while nothing is asked goes by unnoticed', async () => {
    const evaluator = makeEvaluator();
    const first = await advance(evaluator, null);
    lab.workers[0].crash('idle');
    expect((await advance(evaluator, first)).entry.asked).toBe(704);
    expect([lab.opens, lab.starts]).toEqual([
      ['tiny', 'tiny'],
      ['auto', 'auto'],
    ]);
    expect(notices).toEqual([]);
  });

  it('while probes are made is thrown, and the next call opens the model again', async () => {
    const evaluator = makeEvaluator();
    lab.plans.probes = ['crash'];
    expect((await failure(() => evaluator.probes(files, 'seen'))).kind).toBe('worker');
    expect((await evaluator.probes(files, 'seen')).order).toEqual(order);
    expect(lab.opens).toEqual(['tiny', 'tiny']);
  });
});

describe('a GPU', () => {
  it('that is lost once is taken again', async () => {
    lab.plans.evaluate = [lost];
    const { entry } = await advance(makeEvaluator(), null);
    expect(entry.backend).toBe('auto of the test');
    expect(lab.starts).toEqual(['auto', 'auto']);
    expect(notices).toEqual(['device-lost']);
  });

  it('that is lost twice is left for WebAssembly, no matter how many pieces lie between', async () => {
    const evaluator = makeEvaluator('webgpu');
    lab.plans.evaluate = [lost, 'answer', 'answer', lost];
    const { predictions, entry } = await complete(evaluator);
    expect(lab.starts).toEqual(['webgpu', 'webgpu', 'wasm']);
    expect(entry.backend).toBe('wasm of the test');
    expect(predictions).toStrictEqual(answersTo(order));
    expect(notices).toEqual(['device-lost', 'device-lost']);
  });

  it('that answers wrongly is left for WebAssembly at once', async () => {
    lab.plans.start = [wrong];
    const { entry } = await advance(makeEvaluator(), null);
    expect(lab.starts).toEqual(['auto', 'wasm']);
    expect(entry.backend).toBe('wasm of the test');
    expect(notices).toEqual(['device-wrong']);
  });
});

describe('an error that starting again does not mend', () => {
  it.each(['bad-recipe', 'bad-model', 'download', 'internal'] as const)('such as %s is thrown', async (kind) => {
    lab.plans.evaluate = [new LabError(kind, 'No.', 'Do something else.')];
    const error = await failure(() => advance(makeEvaluator(), null));
    expect(error).toMatchObject({ kind, message: 'No.', advice: 'Do something else.' });
    expect(lab.workers).toHaveLength(1);
    expect(notices).toEqual([]);
  });
});

describe('cancel', () => {
  it('ends the piece in progress, and what was finished is kept', async () => {
    const evaluator = makeEvaluator();
    const first = await advance(evaluator, null);
    lab.plans.evaluate = ['wait'];
    lab.onPiece = () => void evaluator.cancel();
    expect((await failure(() => advance(evaluator, first))).kind).toBe('cancelled');
    expect(await keptNow(evaluator)).toStrictEqual(first);
    expect(notices).toEqual([]);
    // The model stays open.
    lab.onPiece = () => {};
    expect((await advance(evaluator, first)).entry.asked).toBe(704);
    expect([lab.opens, lab.starts]).toEqual([['tiny'], ['auto']]);
  });

  it('does not start a worker to have something to stop', async () => {
    await makeEvaluator().cancel();
    expect(lab.workers).toEqual([]);
  });
});

describe('end', () => {
  it('ends the worker at once, and what was finished is kept', async () => {
    const evaluator = makeEvaluator();
    const first = await advance(evaluator, null);
    lab.plans.evaluate = ['wait'];
    lab.onPiece = () => evaluator.end();
    expect((await failure(() => advance(evaluator, first))).kind).toBe('cancelled');
    expect(lab.workers[0].ended).toBe(true);
    expect(notices).toEqual([]);
    expect(await keptNow(evaluator)).toStrictEqual(first);
    lab.onPiece = () => {};
    expect((await advance(evaluator, first)).entry.asked).toBe(704);
    expect(lab.workers).toHaveLength(2);
  });
});

describe('open', () => {
  it('asks once for the same files', async () => {
    const evaluator = makeEvaluator();
    const [one, two] = await Promise.all([evaluator.open(files), evaluator.open({ ...files })]);
    expect(one).toBe(two);
    expect(await evaluator.open(files)).toBe(one);
    expect(lab.opens).toEqual(['tiny']);
  });

  it('that failed is tried again', async () => {
    const evaluator = makeEvaluator();
    lab.plans.open = [new LabError('download', 'The server is away.')];
    expect((await failure(() => evaluator.open(files))).kind).toBe('download');
    expect((await evaluator.open(files)).model.name).toBe('tiny');
    expect(lab.opens).toEqual(['tiny', 'tiny']);
  });

  it('of other files takes another worker', async () => {
    const evaluator = makeEvaluator();
    await evaluator.open(files);
    expect((await evaluator.open({ ...files, model: 'other' })).model.name).toBe('other');
    expect(lab.workers.map(({ ended }) => ended)).toEqual([true, false]);
  });

  it('of other files while the first are on their way is not disturbed by their end', async () => {
    const evaluator = makeEvaluator();
    lab.plans.open = ['wait'];
    const first = failure(() => evaluator.open(files));
    await vi.waitFor(() => expect(lab.opens).toEqual(['tiny']));
    const other = { ...files, model: 'other' };
    const second = evaluator.open(other);
    expect((await first).kind).toBe('cancelled');
    await second;
    await evaluator.open(other);
    expect(lab.opens).toEqual(['tiny', 'other']);
  });

  it('tells how much is loaded, and start on what it runs', async () => {
    const told: unknown[] = [];
    const evaluator = new Evaluator(new LabClient(lab.make), new ResultCache(), 'wasm', {
      onLoad: (progress) => told.push(progress),
      onRunning: ({ backend }) => told.push(backend),
    });
    await evaluator.open(files);
    await Promise.all([evaluator.start(), evaluator.start()]);
    await vi.waitFor(() => expect(told).toContainEqual({ done: 1, total: 2 }));
    expect(told).toContain('wasm');
    expect(told).toHaveLength(2);
  });
});

describe('start', () => {
  it('that failed is tried again', async () => {
    const evaluator = makeEvaluator();
    await evaluator.open(files);
    lab.plans.start = [new LabError('internal', 'No memory.')];
    expect((await failure(() => evaluator.start())).message).toBe('No memory.');
    expect((await evaluator.start()).device).toBe('auto of the test');
  });
});

describe('exclusive', () => {
  it('does one after the other', async () => {
    const evaluator = makeEvaluator();
    const log: string[] = [];
    const task = (name: string, pause: number) => async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, pause));
      log.push(`${name} ends`);
      return name;
    };
    const tasks = [evaluator.exclusive(task('long', 20)), evaluator.exclusive(task('short', 0))];
    expect(await Promise.all(tasks)).toEqual(['long', 'short']);
    expect(log).toEqual(['long begins', 'long ends', 'short begins', 'short ends']);
  });

  it('goes on after a task that failed', async () => {
    const evaluator = makeEvaluator();
    const failed = failure(() => evaluator.exclusive(() => Promise.reject(lost)));
    const next = evaluator.exclusive(async () => 'done');
    expect(await failed).toBe(lost);
    expect(await next).toBe('done');
  });
});

it('words and runs come from the worker, and none is started to say that nothing ran', async () => {
  const evaluator = makeEvaluator();
  expect(await evaluator.runs()).toBe(0);
  expect(lab.workers).toEqual([]);
  await advance(evaluator, null);
  expect(await evaluator.runs()).toBe(1);
  expect(await evaluator.words(Uint32Array.of(3, 5))).toEqual(['word 3', 'word 5']);
});
