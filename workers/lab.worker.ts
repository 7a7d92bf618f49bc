import * as comlink from 'comlink';
import type { Backend } from '../src/lab/engine/engine.ts';
import { LabError, type PlainError } from '../src/lab/errors.ts';
import { LabSession } from '../src/lab/session.ts';
import type { LabWorker } from './api.ts';
import { openFiles } from './files.ts';
import { importBrought } from './import-files.ts';
import { fetchWasm, loadWasm } from './ort.ts';
import { settle } from './outcome.ts';
import { prefetchRuntime, type Started, startEngine } from './runtime.ts';

/** Texts on which an export is compared with the lab. */
const compared = 8;

let session: LabSession | undefined;
/** What the next start of the engine takes. */
let backend: Backend | 'auto' = 'auto';
let started: Started | undefined;
let stop = new AbortController();

const { port1, port2 } = new MessageChannel();

/** Those who wait for messages to be read: several may at once, and each gets a message of its own. */
const yielding: (() => void)[] = [];
port1.onmessage = () => yielding.shift()?.();

/** Lets the worker read its messages. A timer would be held back to 4 ms each time. */
const yieldNow = () =>
  new Promise<void>((resolve) => {
    yielding.push(resolve);
    port2.postMessage(null);
  });

function need(): LabSession {
  if (!session) throw new LabError('internal', 'No model is open.');
  return session;
}

/** What work takes that {@link LabWorker.cancel} can stop from now on. */
function stoppable() {
  stop = new AbortController();
  return { signal: stop.signal, yieldNow };
}

const lab: LabWorker = {
  open: (files, onProgress) =>
    settle(async () => {
      void prefetchRuntime();
      const { model, files: modelFiles, suite, card, notices } = await openFiles(files, onProgress);
      const suiteName = typeof files.suite === 'string' ? files.suite : `own-${suite.sha256.slice(0, 12)}`;
      session = new LabSession({
        model: { ...model, name: files.model },
        files: modelFiles,
        suite: { ...suite, name: suiteName },
        engine: async (model, texts) => {
          started = await startEngine(backend, model, texts);
          return started.prober;
        },
      });
      const { sha256, tokenizerSha256, family, parameters, sites, heads, keyValueHeads } = model;
      const { title, licence, training } = card;
      return {
        model: {
          name: files.model,
          title,
          sha256,
          tokenizerSha256,
          family,
          parameters,
          licence,
          training,
          sites,
          heads,
          keyValueHeads,
        },
        suite: {
          name: suiteName,
          title: suite.title,
          licence: suite.licence,
          sha256: suite.sha256,
          wordings: suite.wordings,
        },
        notices: notices.map((notice): PlainError => notice.toJSON()),
      };
    }),

  importSuite: (files, name) => settle(() => importBrought(files, name)),

  probes: (template) =>
    settle(() => {
      const { relations, probes, order, skipped } = need().probes(template);
      return {
        template,
        relations,
        subjects: probes.map((probe) => probe.subject),
        prompts: probes.map((probe) => probe.prompt),
        gold: probes.map((probe) => [...probe.gold]),
        right: Int8Array.from(probes, ({ kind, right }) => (kind === 'choice' ? right : -1)),
        frequency: probes.map(({ frequency }) => frequency),
        skipped,
        order,
      };
    }),

  start: (wanted) =>
    settle(async () => {
      backend = wanted;
      await need().start();
      return started!.running;
    }),

  evaluate: ({ recipe, template: wording, from, to }, onProgress, onPreparing) =>
    settle(() => need().evaluate({ recipe, wording, from, to }, { ...stoppable(), onProgress, onPreparing })),

  reconstruction: (recipe, onProgress) => settle(() => need().reconstruct(recipe, { ...stoppable(), onProgress })),

  histogram: ({ recipe, site, bins }, onProgress) =>
    settle(() => need().histogram(recipe, site, bins, { ...stoppable(), onProgress })),

  export: async ({ recipe, format }, onProgress) => {
    const outcome = await settle(async () => {
      const work = stoppable();
      const [{ packZip }, { requireAlike }] = await Promise.all([
        import('./pack-zip.ts'),
        import('../src/lab/export/write.ts'),
      ]);
      const written = await need().export(recipe, format, {
        ...work,
        compared,
        onProgress: ({ phase, share }) =>
          onProgress({ phase: phase === 'writing' || phase === 'checking' ? phase : 'compressing', share }),
        runtime: async () => {
          const runtime = await loadWasm(await fetchWasm());
          runtime.env.wasm.numThreads = 1;
          return runtime;
        },
      });
      requireAlike(written, 'Nothing was saved; report the recipe and the model.');
      const { files, verified } = written;
      const zip = await packZip(files, { ...work, onProgress: (share) => onProgress({ phase: 'packing', share }) });
      return { zip, files: [...files].map(([name, { length }]) => ({ name, bytes: length })), verified };
    });
    return outcome.ok ? comlink.transfer(outcome, [outcome.value.zip.buffer]) : outcome;
  },

  cancel: async () => {
    stop.abort();
  },

  words: async (ids) => need().words(ids),

  runs: async () => started?.prober.engine.runs ?? 0,
};

comlink.expose(lab);
