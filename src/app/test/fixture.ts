import * as comlink from 'comlink';
import { vi } from 'vitest';
import type { LabWorker, Opened, ProbeList } from '../../../workers/api.ts';
import type { MethodId } from '../../lab/compress/methods/index.ts';
import { parseRecipe } from '../../lab/compress/recipe.ts';
import type { Report, Size } from '../../lab/compress/size.ts';
import { LabError } from '../../lab/errors.ts';
import type { Site } from '../../lab/model/site.ts';
import { stratifiedOrder } from '../../lab/probe/order.ts';
import { keptWords, type Predictions } from '../../lab/probe/predictions.ts';
import type { Result, ResultEntry } from '../../lab/result/schema.ts';
import { factSuite, type Suite } from '../../lab/suite/suite.ts';
import type { StepChoice } from '../recipe/curve.ts';
import type { WorkerLike } from '../run/client.ts';
import { modelOf, suiteOf } from '../shipped.ts';
import { userSuiteId } from '../storage/user-suite-id.ts';

/** What the work fails with; a failure of another kind, or none, fails the test. */
export async function failure(work: () => unknown): Promise<LabError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof LabError) return error;
    throw new Error('This is no LabError.', { cause: error });
  }
  throw new Error('It did not fail.');
}

const sizes: Size = {
  parameters: 100,
  zeros: 50,
  sparsity: 0.5,
  bitsPerWeight: 16,
  snrDb: 12.5,
  mse: 0.25,
  bytes: {
    dense: 200,
    quantized: 200,
    bitmap: 113,
    csr: 190,
    nm: null,
    compact: null,
    factors: null,
    entropy: 113,
    smallest: 113,
  },
};

/** A report that the cache takes. */
export const report: Report = {
  sites: [{ name: 'encoder.0.attention.query', ...sizes }],
  touched: sizes,
  total: { ...sizes, parameters: 400, sparsity: 0.125, bytes: { ...sizes.bytes, dense: 800, smallest: 713 } },
  otherBytes: 8,
};

/** Answers that follow from the probe's number alone: every third hits, the others have rank 2 and 3. */
export function answersTo(probes: Iterable<number>): Predictions {
  const numbers = [...probes];
  const words = numbers.flatMap((probe) => Array.from({ length: keptWords }, (_, k) => ({ probe, k })));
  return {
    ranks: Uint32Array.from(numbers, (probe) => (probe % 3) + 1),
    goldLogProbs: Float32Array.from(numbers, (probe) => -probe / 8),
    topIds: Uint32Array.from(words, ({ probe, k }) => probe * keptWords + k),
    topLogProbs: Float32Array.from(words, ({ probe, k }) => -probe - k),
  };
}

/** A stored result whose first `asked` probes, of 1,000, were asked in the order of their numbers. */
export function makeStored(key: string, asked: number, more: Partial<ResultEntry> = {}): Result {
  const predictions = answersTo(Array(asked).keys());
  return {
    predictions,
    entry: {
      key,
      model: { name: 'tiny', sha256: 'a'.repeat(64), family: 'encoder', parameters: 400 },
      suite: { name: 'few', sha256: 'b'.repeat(64) },
      template: 'seen',
      recipe: parseRecipe([{ method: 'magnitude-global', sparsity: 0.5 }]),
      asked,
      of: 1000,
      hits: predictions.ranks.filter((rank) => rank === 1).length,
      report,
      backend: 'test',
      seconds: 1.5,
      savedAt: 1000,
      ...more,
    },
  };
}

/**
 * A worker that answers with `lab`, over a real message channel. `crash` is what a browser does when it dies, `fail`
 * when a message cannot be read.
 */
export function makeWorker(
  lab: LabWorker,
): WorkerLike & { crash(message: string): void; fail(): void; ended: boolean } {
  const { port1, port2 } = new MessageChannel();
  comlink.expose(lab, port2);
  const worker = {
    ended: false,
    postMessage: port1.postMessage.bind(port1),
    addEventListener: port1.addEventListener.bind(port1),
    removeEventListener: port1.removeEventListener.bind(port1),
    start: port1.start.bind(port1),
    terminate: () => {
      worker.ended = true;
      port1.close();
    },
    crash: (message: string) => {
      port1.dispatchEvent(Object.assign(new Event('error'), { message }));
    },
    fail: () => {
      port1.dispatchEvent(new Event('messageerror'));
    },
  };
  return worker;
}

const relations: ProbeList['relations'] = [
  { id: 'capital', label: 'Capital', probes: 300, property: 'P36', cardinality: '1-1', task: null },
  { id: 'is-a', label: 'Kind', probes: 500, property: null, cardinality: 'N-1', task: null },
  { id: 'made-of', label: 'Made of', probes: 400, property: 'P186', cardinality: 'N-M', task: null },
];
const count = 1200;

/** The probes of the fake lab: with 192 first and then 512 at a time they make three pieces. */
export const probeList: ProbeList = {
  template: 'seen',
  relations,
  subjects: Array.from({ length: count }, (_, probe) => `subject ${probe}`),
  prompts: Array.from({ length: count }, (_, probe) => `subject ${probe} is [MASK] .`),
  gold: Array.from({ length: count }, () => ['gold']),
  right: new Int8Array(count).fill(-1),
  frequency: Array.from({ length: count }, (_, probe) => [4, 8, 16, 32][probe % 4]),
  skipped: [],
  order: stratifiedOrder(relations.map(({ probes }) => probes)),
};

/** The one layer of the fake lab's model. */
const site: Site = {
  name: 'encoder.0.attention.query',
  kind: 'query',
  role: 'attention',
  family: 'encoder',
  stack: 'encoder',
  cross: false,
  layer: 0,
  shape: [10, 10],
  initializer: 'query',
  node: 'query',
  input: 1,
  transposed: false,
  dtype: 'float32',
  tied: false,
};

const opened: Opened = {
  model: {
    name: 'tiny',
    title: 'Tiny',
    sha256: 'a'.repeat(64),
    tokenizerSha256: 'c'.repeat(64),
    family: 'encoder',
    parameters: 400,
    licence: 'MIT',
    training: 'Not at all.',
    sites: [site],
    heads: 2,
    keyValueHeads: 2,
  },
  suite: {
    name: 'few',
    title: 'A few facts',
    licence: 'MIT',
    sha256: 'b'.repeat(64),
    wordings: ['seen', 'paraphrase'],
  },
  notices: [],
};

/** What the fake lab reads from any files. */
export const importedSuite = factSuite(
  {
    title: 'Brought',
    licence: 'not stated',
    relations: [
      {
        id: 'P36',
        label: 'capital',
        property: 'P36',
        cardinality: '1-1',
        templates: { train: ['The capital of [X] is [Y].'], probe: ['The capital of [X] is [Y].'] },
        facts: [{ subject: 'Nowhere', objects: ['Somewhere'], places: [], frequency: null }],
      },
    ],
    skipped: [{ reason: 'no object', count: 2 }],
  },
  { given: true },
);

/** What opening gives: of what is shipped its own identity, as the page knows it beforehand. */
function openedAs({ model: name, suite }: { model: string; suite: string | Suite }): Opened {
  const { model, suite: few } = opened;
  const shipped = { model: modelOf(name), suite: typeof suite === 'string' ? suiteOf(suite) : undefined };
  return {
    ...opened,
    model: { ...model, ...shipped.model, name },
    suite: { ...few, ...shipped.suite, name: typeof suite === 'string' ? suite : userSuiteId(suite.sha256) },
  };
}

/** What a call does: `answer` (as does nothing planned), `crash`, `wait` until it is cancelled, or fail as said. */
export type FakePlan = 'answer' | 'crash' | 'wait' | LabError;

/** A lab without a model that keeps book of what it is asked. Every worker begins with nothing open, as a real one. */
export class FakeLab {
  /** What the next calls do, in turn. */
  readonly plans: Record<'open' | 'start' | 'probes' | 'evaluate' | 'reconstruction' | 'export', FakePlan[]> = {
    open: [],
    start: [],
    probes: [],
    evaluate: [],
    reconstruction: [],
    export: [],
  };
  readonly opens: string[] = [];
  /** What each worker was started on. */
  readonly starts: string[] = [];
  /** Pieces that were asked for. */
  readonly pieces: string[] = [];
  readonly workers: ReturnType<typeof makeWorker>[] = [];
  /** Called when a piece is in progress. */
  onPiece = () => {};

  readonly make = (): WorkerLike => {
    let files: { model: string } | undefined;
    let cancel = () => {};
    const settle = async <T>(plan: FakePlan | undefined, value: () => T) => {
      if (plan === 'crash') {
        // What it told before has arrived by then.
        setTimeout(() => worker.crash('out of memory'), 2);
        await new Promise(() => {});
      }
      if (plan === 'wait') {
        await new Promise<void>((resolve) => {
          cancel = resolve;
        });
        return { ok: false, error: new LabError('cancelled', 'Stopped.').toJSON() } as const;
      }
      if (plan instanceof LabError) return { ok: false, error: plan.toJSON() } as const;
      if (!files) return { ok: false, error: new LabError('internal', 'No model is open.').toJSON() } as const;
      return { ok: true, value: value() } as const;
    };
    const worker = makeWorker({
      open: (wanted, onProgress) => {
        this.opens.push(wanted.model);
        files = wanted;
        onProgress({ done: 1, total: 2 });
        return settle(this.plans.open.shift(), () => openedAs(wanted));
      },
      importSuite: () => settle(undefined, () => importedSuite),
      probes: (template) => settle(this.plans.probes.shift(), () => ({ ...probeList, template })),
      start: (backend) => {
        this.starts.push(backend);
        return settle(this.plans.start.shift(), () => ({
          backend: backend === 'auto' ? 'webgpu' : backend,
          device: `${backend} of the test`,
          checkedTo: null,
          notices: [],
        }));
      },
      evaluate: ({ from, to }, onProgress, onPreparing) => {
        this.pieces.push(`${from}-${to}`);
        onPreparing({ phase: 'compressing', share: 0.5 });
        onProgress(10);
        const outcome = settle(this.plans.evaluate.shift(), () => ({
          predictions: answersTo(probeList.order.subarray(from, to)),
          report,
          seconds: 0.25,
        }));
        this.onPiece();
        return outcome;
      },
      reconstruction: (recipe, onProgress) => {
        onProgress({ phase: 'comparing', share: 0.5 });
        return settle(this.plans.reconstruction.shift(), () =>
          recipe.map(({ method }) => ({ site: method, relativeError: 0.25, varianceShare: 0.5, snrDb: 6 })),
        );
      },
      histogram: ({ bins }) =>
        settle(undefined, () => ({
          edges: Array.from({ length: bins + 1 }, (_, at) => at),
          before: new Array<number>(bins).fill(2),
          after: new Array<number>(bins).fill(1),
          zerosBefore: 0,
          zerosAfter: bins,
        })),
      export: ({ format }, onProgress) => {
        onProgress({ phase: 'packing', share: 0.5 });
        return settle(this.plans.export.shift(), () => ({
          zip: Uint8Array.of(80, 75),
          files: [{ name: `model.${format}`, bytes: 2 }],
          verified: { texts: 8, same: 8, worst: 1e-6, allowed: 1e-4 },
        }));
      },
      cancel: async () => cancel(),
      words: async (ids) => Array.from(ids, (id) => `word ${id}`),
      runs: async () => this.pieces.length,
    });
    this.workers.push(worker);
    return worker;
  };
}

/** A step of a recipe as it is chosen with the controls. */
export const step = (method: MethodId, level: number, more: Partial<StepChoice> = {}): StepChoice => ({
  method,
  scope: 'overall',
  params: {},
  level,
  ...more,
});

/** A page without anything of the one before, and the lab that its workers come from. */
export function freshLab(): FakeLab {
  vi.resetModules();
  const lab = new FakeLab();
  vi.stubGlobal(
    'Worker',
    class {
      constructor() {
        // biome-ignore lint/correctness/noConstructorReturn: what `new Worker` gives is the fake lab's worker
        return lab.make();
      }
    },
  );
  return lab;
}
