import { LabError } from '../../../lab/errors.ts';
import type { Preparing } from '../../../lab/work.ts';
import { Redraw } from '../../page/redraw.ts';
import type { Evaluator, Files } from '../../run/evaluator.ts';
import { nextTodo, Pace } from '../../run/policies.ts';
import { results, tabs } from '../../run/shared.ts';
import { currentLevel, idleRun, useLab } from './explore-store.ts';
import { keyOf, show } from './shown.ts';

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
  // Another curve is another sweep, so the keys are computed once: progress is told after every pass.
  const levels = points.map(({ x, label, recipe }) => ({ x, label, recipe, key: keyOf(recipe)! }));
  const first = { label: 'uncompressed', recipe: baseline.recipe, key: keyOf(baseline.recipe)! };
  const todoOf = <T extends { key: string }>(work: T) => {
    const { asked = 0, hits = 0 } = results.get(work.key)?.stored.entry ?? {};
    return { ...work, of, asked, hits };
  };
  // The uncompressed model is a level of the curve, too, where nothing but the curve's step compresses.
  const distinct = [...new Map([...levels, first].map((work) => [work.key, work])).values()];
  /** Results of which more is known than is shown, by their keys. */
  const fresh = new Set<string>();
  const redraw = new Redraw((progress) => {
    show(fresh);
    fresh.clear();
    if (!progress || !isCurrent()) return;
    const { extra, at, preparing } = progress;
    const total = distinct.length * of;
    // A piece that was kept a moment ago is still told as one in progress.
    const done = Math.min(total, distinct.reduce((sum, { key }) => sum + results.asked(key), 0) + extra);
    const { rate } = pace;
    set(({ run }) => ({
      run: { ...run, done, of: total, rate, secondsLeft: rate === null ? null : (total - done) / rate, at, preparing },
    }));
  });
  const progress = (extra: number, at: string | null, preparing: Preparing | null = null) => {
    pace.mark(performance.now(), evaluator.computed - begun + extra);
    redraw.soon({ extra, at, preparing });
  };

  set({ run: { ...idleRun, status: 'running' } });
  progress(0, null);
  try {
    while (isCurrent()) {
      const todos = { baseline: todoOf(first), levels: levels.map(todoOf), current: currentLevel(get()) };
      const todo = nextTodo(todos, ({ key }) => !elsewhere.has(key)) ?? nextTodo(todos);
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
        performance.mark('lossy:piece');
      }
      fresh.add(key);
      progress(0, label);
    }
    redraw.now();
    if (!isCurrent()) return false;
    set(({ run }) => ({ run: { ...run, status: 'finished', secondsLeft: 0, at: null, preparing: null } }));
    return true;
  } catch (error) {
    redraw.now();
    const failure = LabError.from(error);
    if (!isCurrent()) return false;
    if (failure.kind === 'cancelled')
      set(({ run }) => ({ run: { ...run, status: 'paused', at: null, preparing: null } }));
    else set(({ run }) => ({ run: { ...run, status: 'failed', at: null, preparing: null, error: failure.toJSON() } }));
    return false;
  }
}
