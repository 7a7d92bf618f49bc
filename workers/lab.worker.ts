import * as comlink from 'comlink';
import type { Recipe } from '../src/lab/compress/recipe.ts';
import type { Backend } from '../src/lab/engine/engine.ts';
import { LabError, type PlainError } from '../src/lab/errors.ts';
import type { Model, ModelFiles } from '../src/lab/model/load.ts';
import { calibrationTexts } from '../src/lab/probe/calibration.ts';
import type { Made, Prober } from '../src/lab/probe/prober.ts';
import { makeProbes, type ProbeSet } from '../src/lab/probe/probes.ts';
import type { Suite, Wording } from '../src/lab/suite/suite.ts';
import type { WorkOptions } from '../src/lab/work.ts';
import type { LabWorker, Running } from './api.ts';
import { openFiles } from './files.ts';
import { importBrought } from './import-files.ts';
import { settle } from './outcome.ts';
import { prefetchRuntime, startEngine } from './runtime.ts';

interface Opened {
  model: Model;
  files: ModelFiles;
  suite: Suite;
  sets: Map<Wording, ProbeSet>;
}

let opened: Opened | undefined;
let starting: Promise<{ prober: Prober; running: Running }> | undefined;
let current: { recipe: string; made: Made } | undefined;
let stop = new AbortController();

const { port1, port2 } = new MessageChannel();

/** Those who take breath: several may at once, and each gets a message of its own. */
const breathing: (() => void)[] = [];
port1.onmessage = () => breathing.shift()?.();

/** Lets the worker read its messages. A timer would be held back to 4 ms each time. */
const yieldNow = () =>
  new Promise<void>((resolve) => {
    breathing.push(resolve);
    port2.postMessage(null);
  });

function need(): Opened {
  if (!opened) throw new LabError('internal', 'No model is open.');
  return opened;
}

function setOf(template: Wording): ProbeSet {
  const { model, suite, sets } = need();
  const set = sets.get(template) ?? makeProbes(suite, template, model);
  sets.set(template, set);
  return set;
}

function start(backend: Backend | 'auto') {
  starting ??= (async () => {
    const { model, suite } = need();
    return startEngine(backend, model, () => calibrationTexts(setOf(suite.wordings[0]).probes));
  })();
  // A start that failed is tried again by the next call.
  starting.catch(() => {
    starting = undefined;
  });
  return starting;
}

/** Compresses unless the model is as the recipe wants it already. */
async function compress(prober: Prober, recipe: Recipe, options: WorkOptions): Promise<Made> {
  const wanted = JSON.stringify(recipe);
  if (current?.recipe === wanted) return current.made;
  current = undefined;
  const made = await prober.make(recipe, options);
  current = { recipe: wanted, made };
  return made;
}

const lab: LabWorker = {
  open: (files, onProgress) =>
    settle(async () => {
      void prefetchRuntime();
      const { model, files: modelFiles, suite, card, notices } = await openFiles(files, onProgress);
      opened = { model, files: modelFiles, suite, sets: new Map() };
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
          name: typeof files.suite === 'string' ? files.suite : `own-${suite.sha256.slice(0, 12)}`,
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
      const { relations, probes, order, skipped } = setOf(template);
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

  start: (backend) => settle(async () => (await start(backend)).running),

  evaluate: ({ recipe, template, from, to }, onProgress, onPreparing) =>
    settle(async () => {
      const begun = performance.now();
      stop = new AbortController();
      const { signal } = stop;
      const { prober } = await start('auto');
      const set = setOf(template);
      const made = await compress(prober, recipe, { signal, onProgress: onPreparing, yieldNow });
      await yieldNow();
      const chosen = Array.from(set.order.subarray(from, to), (number) => set.probes[number]);
      // Sizes are counted while a GPU computes: only the answers are told, which come first.
      const answers = prober.predict(chosen, { signal, onProgress, yieldNow });
      const [predictions, report] = await Promise.allSettled([answers, made.report({ signal, yieldNow })]);
      if (predictions.status === 'rejected') throw predictions.reason;
      if (report.status === 'rejected') throw report.reason;
      return {
        predictions: predictions.value,
        report: report.value,
        seconds: (performance.now() - begun) / 1000,
      };
    }),

  reconstruction: (recipe, onProgress) =>
    settle(async () => {
      stop = new AbortController();
      const options = { signal: stop.signal, onProgress, yieldNow };
      const { prober } = await start('auto');
      await compress(prober, recipe, options);
      return prober.reconstruction(options);
    }),

  histogram: ({ recipe, site, bins }, onProgress) =>
    settle(async () => {
      stop = new AbortController();
      const options = { signal: stop.signal, onProgress, yieldNow };
      const { prober } = await start('auto');
      await compress(prober, recipe, options);
      return prober.histogram(site, bins, options);
    }),

  export: async ({ recipe, format }, onProgress) => {
    const outcome = await settle(async () => {
      stop = new AbortController();
      const { signal } = stop;
      const { model, files, suite } = need();
      const [{ prober }, { exportZip }] = await Promise.all([start('auto'), import('./export.ts')]);
      const { probes, order } = setOf(suite.wordings[0]);
      const rows = Array.from(order.subarray(0, 16), (at) => probes[at].rows[0][0]);
      // Its own compressing is not kept by `compress`.
      current = undefined;
      return exportZip({ prober, model, files, recipe, format, rows }, { signal, onProgress, yieldNow });
    });
    return outcome.ok ? comlink.transfer(outcome, [outcome.value.zip.buffer]) : outcome;
  },

  cancel: async () => {
    stop.abort();
  },

  words: async (ids) => Array.from(ids, (id) => need().model.tokenizer.word(id)),

  runs: async () => (starting ? (await starting).prober.engine.runs : 0),
};

comlink.expose(lab);
