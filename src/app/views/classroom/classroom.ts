import { LabError } from '../../../lab/errors.ts';
import { stratifiedOrder } from '../../../lab/probe/order.ts';
import { firstChunk } from '../../chunks.ts';
import type { LinkedResults } from '../../link/link-results.ts';
import { pageAddress, type Shared, share } from '../../link/sharing.ts';
import { notify } from '../../page/notices.ts';
import { keepLink, writeAddress } from '../../page/page.ts';
import { toLinkedResults } from '../../projection/level-result.ts';
import { linkedPoints } from '../../projection/linked-points.ts';
import { curveOf } from '../../recipe/curve.ts';
import { layoutFor, resultFor } from '../../run/result-lookup.ts';
import { type Need, Runner } from '../../run/runner.ts';
import { modelOf, suiteOf } from '../../shipped.ts';
import type { CurvePoint } from '../explore/explore-store.ts';
import {
  bitsStep,
  type ClassResults,
  type ClassroomChoice,
  pruneStep,
  question,
  readClassroomLink,
  screens,
  writeClassroomLink,
} from './classroom-choice.ts';
import { useClassroom } from './classroom-store.ts';
import { drawTo } from './guess.ts';
import { halfway, type Lesson, missingForGroups, rareSample } from './story.ts';

const set = useClassroom.setState;
const get = useClassroom.getState;

const curves = {
  prune: curveOf({ steps: [pruneStep], axis: 0 }),
  bits: curveOf({ steps: [bitsStep], axis: 0 }),
};

/** A first sample of each level: enough for an interval of some points, and on any machine soon there. */
const wanted: readonly Need[] = [...curves.prune, ...curves.bits.slice(1)].map(({ recipe, label }) => ({
  question,
  recipe,
  label,
  most: firstChunk,
}));

/** The same, and for the two models that are compared by frequency as many facts as that needs. */
const wantedForGroups: readonly Need[] = wanted.map((entry, index) =>
  index === 0 || index === halfway ? { ...entry, most: rareSample } : entry,
);

/** A class is not kept waiting longer than this, in seconds, unless it asks for it. */
const patience = 20;

const runner = new Runner({
  onState: (state) => set({ run: state }),
  onResults: () => layOut(),
});

/** Opens the view on what its address says. Without results in it, a first sample of each level is computed. */
export async function open(fragment: string): Promise<void> {
  keepLink('classroom', fragment || '#view=classroom');
  try {
    const { choice, results } = readClassroomLink(fragment);
    set({ choice, link: results });
  } catch (error) {
    notify(LabError.from(error, 'bad-link'));
  }
  layOut();
  const { link, run: state } = get();
  if (!link && state.status !== 'running') await compute();
}

/** Ends what the view holds. */
export const leave = () => runner.stop();

/** Computes what is missing; what a link brought makes way for it. */
export async function compute(): Promise<void> {
  if (get().link) {
    set({ link: null });
    remember();
  }
  const isDone = await runner.run(wanted);
  layOut();
  if (isDone) await askIfQuick();
}

/** Asks more of the two models that the part about frequencies compares. */
export async function askForGroups(): Promise<void> {
  await runner.run(wantedForGroups);
  layOut();
}

/** Does so by itself where that part is looked at, nothing else is computed, and it is soon done. */
async function askIfQuick(): Promise<void> {
  const { choice, link, lesson, run: state } = get();
  if (choice.screen !== 'rare' || link || state.status !== 'finished') return;
  const { facts, seconds } = missingForGroups(lesson);
  if (facts > 0 && seconds !== null && seconds <= patience) await askForGroups();
}

export const { pause, stop } = runner;

const remember = (asStep = false) =>
  writeAddress('classroom', () => writeClassroomLink(get().choice, get().link), asStep);

function choose(change: Partial<ClassroomChoice>, asStep = false): void {
  set(({ choice }) => ({ choice: { ...choice, ...change } }));
  remember(asStep);
}

/** Draws the guess up to a place, from the one that was drawn before it if the pen was not lifted. */
export const draw = (from: number | null, to: number, value: number) =>
  choose({ guess: drawTo(get().choice.guess, from, to, value) });

/** Whether a guess is there that can be compared. */
export const isDrawn = ({ guess }: ClassroomChoice) => guess.some((value) => value !== null);

/** Shows what happened over the guess, or takes it away to draw again. */
export const setShown = (isShown: boolean) => choose({ isShown }, true);

export const setPresenting = (isPresenting: boolean) => choose({ isPresenting }, true);

export function goTo(screen: ClassroomChoice['screen']): void {
  choose({ screen }, true);
  void askIfQuick();
}

/** One screen on or back; a guess that is drawn is answered before the story begins. */
export function turn(by: 1 | -1): void {
  const { choice } = get();
  if (by === 1 && choice.screen === 'guess' && isDrawn(choice) && !choice.isShown) setShown(true);
  else {
    const next = screens[screens.indexOf(choice.screen) + by];
    if (next) goTo(next);
  }
}

/** Brings what is shown up to date with what is known. */
function layOut(): void {
  const { link } = get();
  set({ lesson: link ? lessonOfLink(link) : lessonHere() });
}

function lessonHere(): Lesson {
  const layout = layoutFor(question);
  const known = (points: readonly Omit<CurvePoint, 'result'>[]) =>
    points.map((point) => ({ ...point, result: resultFor(question, point.recipe) }));
  return {
    order: layout?.order ?? null,
    frequency: layout?.frequency ?? null,
    baseline: resultFor(question, []),
    prune: known(curves.prune),
    bits: known(curves.bits),
  };
}

function lessonOfLink({ prune, bits, often }: ClassResults): Lesson {
  const order = stratifiedOrder(prune.relations.map(({ probes }) => probes));
  const frequency = often && new Int32Array(order.length).fill(-1);
  often?.forEach((times, place) => {
    frequency![order[place]] = times;
  });
  const known = (points: readonly Omit<CurvePoint, 'result'>[], linked: LinkedResults | null) => {
    const results = linked && linkedPoints(linked);
    return points.map((point) => ({
      ...point,
      result: point.level === 0 ? (results?.baseline ?? null) : (results?.levels.get(point.level) ?? null),
    }));
  };
  return {
    order,
    frequency,
    baseline: linkedPoints(prune).baseline,
    prune: known(curves.prune, prune),
    bits: known(curves.bits, bits),
  };
}

/** The link of the lesson as it is shown, with its results; in the code of each level's first answers as many as fit. */
export function shareLesson(): Shared {
  const { choice, link, lesson } = get();
  const base = `${pageAddress()}#`;
  const write = (results: ClassResults | null) => base + writeClassroomLink(choice, results);
  if (link) {
    const { asked } = link.prune.baseline;
    return share((most) => (most === 0 ? write(null) : most === asked ? write(link) : null), asked);
  }
  const results = [lesson.baseline, ...[...lesson.prune, ...lesson.bits].map(({ result }) => result)];
  const asked = Math.max(...results.map((result) => result?.summary.probes ?? 0));
  return share((most) => {
    if (most === 0) return write(null);
    const first = resultsOf(lesson, most);
    return first && write(first);
  }, asked);
}

/** What a link holds of this browser's own results: of each level the first `most` answers. */
function resultsOf({ order, frequency, baseline, prune, bits }: Lesson, most: number): ClassResults | null {
  const model = modelOf(question.model);
  const suite = suiteOf(question.suite);
  const layout = layoutFor(question);
  if (!order || !baseline || !model || !suite || !layout) return null;
  const header = {
    model: { sha256: model.sha256, title: model.title },
    suite: { sha256: suite.sha256, title: suite.title },
    relations: [...layout.relations],
  };
  // The uncompressed model stands in each as its baseline.
  const linked = (points: readonly CurvePoint[]) =>
    toLinkedResults(header, { baseline, points: points.filter(({ level }) => level > 0) }, order, most);
  const pruned = linked(prune);
  if (!pruned) return null;
  const asked = pruned.baseline.asked;
  return {
    prune: pruned,
    bits: bits.some(({ level, result }) => level > 0 && result) ? linked(bits) : null,
    often: frequency && Int32Array.from(order.subarray(0, asked), (probe) => frequency[probe]),
  };
}
