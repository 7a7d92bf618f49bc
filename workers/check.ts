import { createStore, get, set } from 'idb-keyval';
import { z } from 'zod';
import { parseRecipe, type Recipe } from '../src/lab/compress/recipe.ts';
import { type Engine, gpuTolerance } from '../src/lab/engine/engine.ts';
import { LabError } from '../src/lab/errors.ts';
import type { ModelInput } from '../src/lab/family/model-input.ts';
import { type ProbeQuestion, Prober, type RawAnswer } from '../src/lab/probe/prober.ts';

/** On how many prompts a GPU is compared with WebAssembly before it is trusted: uncompressed, and at each level. */
const checkedPrompts = 4;
const checkedCompressed = 1;
const checkedTogether = 8;

/** Among how many of the first ones of the suite they are spread. */
const checkedAmong = 256;

/** Rises when what is checked, or what runs on the GPU, changes: what was remembered before does not count then. */
const checkVersion = 1;

/** The uncompressed model, and a level of each kind that kernels of the GPU make. */
const recipes: readonly Recipe[] = [
  [],
  [{ method: 'magnitude-global', sparsity: 0.5 }],
  [{ method: 'magnitude-n-m', n: 2, m: 4 }],
  [{ method: 'rtn', bits: 4 }],
].map(parseRecipe);

const remembered = z.object({ worst: z.number() });
const store = () => createStore('lossy-checks', 'checks');

/**
 * Compares a GPU with WebAssembly on a few prompts, at a few levels of compression. A GPU that passed is remembered, by its
 * name and the model.
 *
 * @param prober on the GPU; its model is uncompressed afterwards
 * @param reference makes an engine on WebAssembly
 * @returns the largest difference of a logit
 * @throws LabError `device-wrong` where it is too large, or the words are in another order
 */
export async function checkGpu(
  prober: Prober,
  reference: () => Engine,
  texts: () => readonly ModelInput[],
  adapter: string,
): Promise<number> {
  const key = JSON.stringify([checkVersion, adapter, navigator.userAgent, prober.model.sha256]);
  const known = await recall(key);
  if (known !== null) return known;
  const first = texts().slice(0, checkedAmong);
  const step = Math.max(1, Math.floor(first.length / checkedPrompts));
  const prompts = first.filter((_, index) => index % step === 0).slice(0, checkedPrompts);
  const other = await Prober.open(prober.model, reference(), texts);
  let worst = 0;
  try {
    for (const recipe of recipes) {
      const answers = [];
      for (const side of [prober, other]) {
        try {
          await side.make(recipe);
        } catch (error) {
          // A pattern that does not fill this model's rows is refused by both.
          if (LabError.from(error).kind !== 'bad-recipe') throw error;
        }
        answers.push(await side.logits(recipe.length === 0 ? prompts : prompts.slice(0, checkedCompressed)));
      }
      worst = Math.max(worst, difference(answers[0], answers[1]));
    }
    // Together, as they are asked: texts of several lengths share a pass, and words are ranked.
    const questions = first
      .map((row): ProbeQuestion => ({ kind: 'fact', right: 0, rows: [[row]] }))
      .slice(0, checkedTogether);
    await prober.make([]);
    await other.make([]);
    const [ours, theirs] = [await prober.predict(questions), await other.predict(questions)];
    worst = Math.max(worst, ...theirs.goldLogProbs.map((expected, at) => Math.abs(ours.goldLogProbs[at] - expected)));
  } finally {
    await other.close();
  }
  // Not "worst > tolerance": NaN must fail, too.
  if (worst <= gpuTolerance) {
    await remember(key, worst);
    return worst;
  }
  throw new LabError(
    'device-wrong',
    `The graphics processor (${adapter}) answers differently from WebAssembly: logits differ by up to ${worst.toPrecision(2)}.`,
    'The lab runs on WebAssembly instead; a newer browser or driver may help.',
  );
}

/** The largest difference of logits; infinite where the words differ that have clearly different logits. */
function difference(ours: readonly RawAnswer[], theirs: readonly RawAnswer[]): number {
  let worst = 0;
  ours.forEach((answer, index) => {
    const { ids, logits, logSumExp } = theirs[index];
    answer.logits.forEach((logit, place) => {
      worst = Math.max(worst, Math.abs(logit - logits[place]));
      const next = logits[place + 1] ?? Number.NEGATIVE_INFINITY;
      const before = logits[place - 1] ?? Number.POSITIVE_INFINITY;
      const isClear = Math.min(before - logits[place], logits[place] - next) > 2 * gpuTolerance;
      // The last one's neighbour below is not known.
      if (isClear && place + 1 < logits.length && answer.ids[place] !== ids[place]) worst = Number.POSITIVE_INFINITY;
    });
    worst = Math.max(worst, Math.abs(answer.logSumExp - logSumExp));
    // Math.max hands NaN on, but not when Infinity came first.
    if (Number.isNaN(answer.logSumExp)) worst = Number.NaN;
  });
  return worst;
}

/** What cannot be remembered is checked again: no error. */
async function recall(key: string): Promise<number | null> {
  try {
    const found = remembered.safeParse(await get(key, store()));
    return found.success ? found.data.worst : null;
  } catch {
    return null;
  }
}

async function remember(key: string, worst: number): Promise<void> {
  try {
    await set(key, { worst }, store());
  } catch {
    // Private windows keep nothing.
  }
}
