import type { Recipe } from '../../../lab/compress/recipe.ts';
import { LabError } from '../../../lab/errors.ts';
import type { FamilyId } from '../../../lab/model/site.ts';
import type { Preparing } from '../../../lab/work.ts';
import { type Progress, Redraw } from '../../page/redraw.ts';
import { firstChunk } from '../../run/chunks.ts';
import type { Files } from '../../run/evaluator.ts';
import { computedByAll, evaluatorOf } from '../../run/evaluators.ts';
import { evenly, Pace, type Todo } from '../../run/policies.ts';
import { openQuestion } from '../../run/question.ts';
import { layoutFor, type Question, readKept, resultKeyOf } from '../../run/result-lookup.ts';
import { results, tabs } from '../../run/shared.ts';
import { idleFamilies, type Track, useFamilies } from './families-store.ts';
import { nextTurn, spread } from './rotation.ts';
import { pointsOf, questionOf, setTrack, showTrack } from './tracks.ts';

const set = useFamilies.setState;
const get = useFamilies.getState;

interface Work extends Todo {
  recipe: Recipe;
  label: string;
}

/** One run over the levels of all models. */
class Run {
  readonly #isCurrent: () => boolean;
  readonly #choice = get().choice;
  readonly #points = pointsOf(this.#choice);
  readonly #tracks = get().tracks.filter(({ status }) => status !== 'absent');
  readonly #ready = new Map<FamilyId, Files>();
  readonly #loading = new Map<FamilyId, Promise<void>>();
  /** Results that another tab works on: left to it while there is something else to do. */
  readonly #elsewhere = new Set<string>();
  readonly #keys = new Map<FamilyId, Map<string, Pick<Work, 'recipe' | 'label'>>>();
  readonly #pace = new Pace();
  readonly #begun = computedByAll();
  /** Models of whose results more is known than is shown. */
  readonly #fresh = new Set<FamilyId>();
  readonly #redraw = new Redraw((progress) => this.#draw(progress));

  constructor(isCurrent: () => boolean) {
    this.#isCurrent = isCurrent;
  }

  async toEnd(): Promise<void> {
    set({ run: { ...idleFamilies, status: 'running' } });
    for (const track of this.#tracks)
      if (layoutFor(this.#question(track)) === null || this.#todos(track).some(({ asked, of }) => asked < of))
        this.#loading.set(track.family, this.#load(track));
    this.#tell(0, null);
    try {
      await this.#ask();
    } finally {
      this.#redraw.now();
    }
    if (!this.#isCurrent()) return;
    const failed = get().tracks.some(({ status }) => status === 'failed');
    set(({ run }) => ({
      run: { ...run, status: failed ? 'failed' : 'finished', secondsLeft: null, rate: null, at: null, preparing: null },
    }));
  }

  /** Asks piece by piece, as long as there is something to ask and this is the run that is wanted. */
  async #ask(): Promise<void> {
    while (this.#isCurrent()) {
      const lists = this.#tracks.map((track) => (this.#ready.has(track.family) ? this.#todos(track) : []));
      const free = lists.map((todos) => todos.filter(({ key }) => !this.#elsewhere.has(key)));
      const turn = nextTurn(free) ?? nextTurn(lists);
      if (turn) await this.#take(this.#tracks[turn.track], turn.todo);
      else if (this.#loading.size > 0) await Promise.race(this.#loading.values());
      else return;
    }
  }

  #question({ model }: Track): Question {
    return questionOf(model.id, this.#choice);
  }

  /** A model's results, the most wanted first: the level that is looked at may have changed meanwhile. */
  #todos(track: Track): Work[] {
    const question = this.#question(track);
    const of = layoutFor(question)?.order.length;
    if (of === undefined) return [];
    let works = this.#keys.get(track.family);
    if (!works) {
      const all = this.#points.map(({ recipe, label }) => ({
        recipe,
        label: recipe.length === 0 ? 'uncompressed' : label,
      }));
      works = new Map(all.map((work) => [resultKeyOf(question, work.recipe)!, work]));
      this.#keys.set(track.family, works);
    }
    const keys = [...works.keys()];
    // Points and keys are alike: level 0 leaves the step out, which is the uncompressed model.
    const levels = keys.map((key, level) => ({ key, level }));
    const ordered = spread(levels, get().choice.step.level);
    return evenly(ordered.map(({ key }) => ({ key, of, asked: results.asked(key), ...works.get(key)! })));
  }

  async #load(track: Track): Promise<void> {
    const { family } = track;
    const question = this.#question(track);
    setTrack(family, { status: 'loading', error: null });
    try {
      const files = await openQuestion(question);
      if (!this.#isCurrent()) return;
      // If the site was updated, the model is another one than the page was built with.
      this.#keys.delete(family);
      await readKept(
        question,
        this.#points.map(({ recipe }) => recipe),
      );
      this.#ready.set(family, files);
      setTrack(family, { status: 'ready' });
      showTrack(family);
    } catch (error) {
      if (this.#isCurrent()) this.#fail(family, LabError.from(error));
    } finally {
      this.#loading.delete(family);
      this.#tell(0, null);
    }
  }

  /** The next piece of one result. */
  async #take(track: Track, { key, recipe, asked, label }: Work): Promise<void> {
    const { family, model } = track;
    const question = this.#question(track);
    const layout = layoutFor(question)!;
    const probes = { template: question.template, order: layout.order };
    try {
      const outcome = await results.ask(
        evaluatorOf(model.id),
        tabs,
        { key, recipe, asked, files: this.#ready.get(family)!, probes },
        {
          wait: this.#elsewhere.has(key),
          isWanted: this.#isCurrent,
          onProgress: (done) => this.#tell(done, `${model.title}, ${label}`),
          onPreparing: (preparing) => this.#tell(0, `${model.title}, ${label}`, preparing),
        },
      );
      if (outcome === 'elsewhere') this.#elsewhere.add(key);
      else this.#elsewhere.delete(key);
      if (!this.#isCurrent()) return;
      performance.mark('lossy:families-piece');
      this.#fresh.add(family);
      this.#tell(0, `${model.title}, ${label}`);
    } catch (error) {
      const failure = LabError.from(error);
      if (!this.#isCurrent()) return;
      if (failure.kind === 'cancelled') throw failure;
      this.#ready.delete(family);
      this.#fail(family, failure);
    }
  }

  #fail(family: FamilyId, failure: LabError): void {
    setTrack(family, { status: 'failed', error: failure.toJSON() });
  }

  /** Tells how far everything is; `extra` answers of the piece in progress are there. */
  #tell(extra: number, at: string | null, preparing: Preparing | null = null): void {
    this.#pace.mark(performance.now(), computedByAll() - this.#begun + extra);
    this.#redraw.soon({ extra, at, preparing });
  }

  #draw(progress: Progress | null): void {
    for (const family of this.#fresh) showTrack(family);
    this.#fresh.clear();
    if (!progress || !this.#isCurrent()) return;
    const { extra, at, preparing } = progress;
    const all = this.#tracks.flatMap((track) => this.#todos(track));
    const sum = (value: (todo: Work) => number) => all.reduce((total, todo) => total + value(todo), 0);
    const sampleOf = sum(({ of }) => Math.min(firstChunk, of));
    const sampled = sum(({ of, asked }) => Math.min(firstChunk, of, asked));
    const isSampling = this.#loading.size > 0 || sampled < sampleOf;
    const { rate } = this.#pace;
    const of = sum((todo) => todo.of);
    // A piece that was kept a moment ago is still told as one in progress.
    const done = Math.min(of, sum((todo) => todo.asked) + extra);
    const sample = isSampling ? { done: Math.min(sampleOf, sampled + extra), of: sampleOf } : null;
    const left = sample ? sample.of - sample.done : of - done;
    const secondsLeft = rate === null ? null : left / rate;
    set(({ run }) => ({ run: { ...run, done, of, rate, secondsLeft, at: at ?? run.at, preparing, sample } }));
  }
}

/** Asks every level of every model, piece by piece in turn, until all are complete or something else is wanted. */
export async function runCurves(isCurrent: () => boolean): Promise<void> {
  try {
    await new Run(isCurrent).toEnd();
  } catch (error) {
    const failure = LabError.from(error);
    if (!isCurrent()) return;
    const status = failure.kind === 'cancelled' ? 'paused' : 'failed';
    set(({ run }) => ({
      run: { ...run, status, at: null, preparing: null, error: failure.kind === 'cancelled' ? null : failure.toJSON() },
    }));
  }
}

/** Another tab saved more of a result: shown if it is one of the curves'. */
export async function refreshSaved(key: string): Promise<void> {
  const { choice, tracks } = get();
  for (const track of tracks) {
    const question = questionOf(track.model.id, choice);
    const recipes: Recipe[] = [[], ...track.points.map(({ recipe }) => recipe)];
    if (!recipes.some((recipe) => resultKeyOf(question, recipe) === key)) continue;
    await results.read(key);
    showTrack(track.family);
  }
}
