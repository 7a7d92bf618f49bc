import { LabError } from '../lab/errors.ts';
import type { Preparing } from '../lab/probe/work.ts';
import type { Entry } from './cache.ts';
import type { Evaluator, Files } from './evaluator.ts';
import { byDistance, evenly, nextTodo, Pace } from './schedule.ts';
import { results, tabs } from './shared.ts';
import { keyOf, show } from './shown.ts';
import { currentLevel, idleRun, useLab } from './store.ts';

const set = useLab.setState;
const get = useLab.getState;

/**
 * Asks the curve's levels, piece by piece, until all are complete or something else is wanted.
 *
 * @param isCurrent whether this sweep is still the one that is wanted
 * @returns whether it came to its end
 */
export async function sweep(evaluator: Evaluator, files: Files, isCurrent: () => boolean): Promise<boolean> {
  const { probes, points, baseline } = get();
  if (!probes) return false;
  const of = probes.order.length;
  const pace = new Pace();
  const begun = evaluator.computed;
  // Levels that another tab works on: left to it while there is something else to do.
  const elsewhere = new Set<string>();
  // Another curve is another sweep, so the keys are computed once: todos() is asked after every pass.
  const levels = points.map(({ level, label, recipe }) => ({ level, label, recipe, key: keyOf(recipe)! }));
  const first = { label: 'uncompressed', recipe: baseline.recipe, key: keyOf(baseline.recipe)! };
  const todos = () => {
    const ordered = [first, ...byDistance(levels, currentLevel(get()))];
    const byKey = new Map(ordered.map(({ key, recipe, label }) => [key, { recipe, label }]));
    return evenly([...byKey].map(([key, rest]) => ({ key, ...rest, of, asked: results.asked(key) })));
  };
  const progress = (extra: number, at: string | null, preparing: Preparing | null = null) => {
    if (!isCurrent()) return;
    const all = todos();
    const done = all.reduce((sum, todo) => sum + todo.asked, 0) + extra;
    pace.mark(performance.now(), evaluator.computed - begun + extra);
    const { rate } = pace;
    const total = all.length * of;
    set(({ run }) => ({
      run: { ...run, done, of: total, rate, secondsLeft: rate === null ? null : (total - done) / rate, at, preparing },
    }));
  };

  set({ run: { ...idleRun, status: 'running' } });
  progress(0, null);
  try {
    while (isCurrent()) {
      const all = todos();
      const todo = nextTodo(all.filter(({ key }) => !elsewhere.has(key))) ?? nextTodo(all);
      if (!todo) break;
      const { key, recipe, asked, label } = todo;
      const stored = await results.ask(
        evaluator,
        tabs,
        { key, recipe, asked, files, probes },
        {
          wait: elsewhere.has(key),
          isWanted: isCurrent,
          onProgress: (done) => progress(done, label),
          onPreparing: (share) => progress(0, label, share),
        },
      );
      if (stored === 'elsewhere') elsewhere.add(key);
      else elsewhere.delete(key);
      if (stored && stored !== 'elsewhere') {
        listEntry(stored.entry);
        performance.mark('lossy:piece');
      }
      show(key);
      progress(0, label);
    }
    if (!isCurrent()) return false;
    set(({ run }) => ({ run: { ...run, status: 'finished', secondsLeft: 0, at: null, preparing: null } }));
    return true;
  } catch (error) {
    const failure = LabError.from(error);
    if (!isCurrent()) return false;
    if (failure.kind === 'cancelled')
      set(({ run }) => ({ run: { ...run, status: 'paused', at: null, preparing: null } }));
    else set(({ run }) => ({ run: { ...run, status: 'failed', at: null, preparing: null, error: failure.toJSON() } }));
    return false;
  }
}

/** Brings one result of the list up to date, in its place: nothing jumps while results stream in. */
function listEntry(entry: Entry): void {
  set(({ library }) => ({
    library: library.some(({ key }) => key === entry.key)
      ? library.map((other) => (other.key === entry.key ? entry : other))
      : [entry, ...library],
  }));
}
