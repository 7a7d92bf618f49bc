import type { Recipe } from '../../lab/compress/recipe.ts';
import { LabError } from '../../lab/errors.ts';
import type { Preparing } from '../../lab/work.ts';
import { tellBusy } from '../page/page.ts';
import { type Progress, Redraw } from '../page/redraw.ts';
import { idleRun, type RunState } from '../views/explore/explore-store.ts';
import { firstChunk } from './chunks.ts';
import type { Files } from './evaluator.ts';
import { computedByAll, evaluatorOf, onLoading } from './evaluators.ts';
import { Pace } from './policies.ts';
import { openQuestion } from './question.ts';
import { layoutFor, type Question, readKept, resultKeyOf } from './result-lookup.ts';
import { results, tabs } from './shared.ts';

/** One result that is wanted. */
export interface Wanted {
  question: Question;
  recipe: Recipe;
  /** What it is called while it is worked on. */
  label: string;
  /** So many probes of the order are enough; all of them if not given. */
  most?: number;
}

/** How far a list of wanted results is: answers of all of them together. `of` is 0 before it is known. */
export interface WorkState extends RunState {
  /** Bytes, while a model is read; null otherwise. */
  load: { done: number; total: number } | null;
}

export const idleWork: WorkState = { ...idleRun, load: null };

interface Hooks {
  onState: (state: WorkState) => void;
  /** More of these results is known: `figures.resultFor` has it. */
  onResults: (wanted: readonly Wanted[]) => void;
}

interface Todo extends Wanted {
  key: string;
  asked: number;
  of: number;
}

/**
 * Gets a list of results, from the cache or computed piece by piece: first a sample of each, in the order given, so that
 * all stand; then each to what is wanted of it, in the same order. Every piece is kept, so that pausing, stopping, a
 * crash or a closed page loses none that was finished. One list at a time; a new one takes the place of the one before.
 */
export class Work {
  readonly #hooks: Hooks;
  #state = idleWork;
  /** Rises when what is wanted changes, so that what is under way sees that it is no longer wanted. */
  #generation = 0;
  #wanted: readonly Wanted[] = [];
  /** The same, each once under its key. Keys are hashes, and progress is told after every pass: they are not made for it. */
  #named: readonly Omit<Todo, 'asked'>[] = [];
  #models = new Set<string>();
  /** Results of which more is known than is shown. */
  readonly #fresh = new Map<string, Wanted>();
  #pace = new Pace();
  readonly #redraw = new Redraw((progress) => {
    const fresh = [...this.#fresh.values()];
    this.#fresh.clear();
    if (fresh.length > 0) this.#hooks.onResults(fresh);
    if (progress) this.#tell(progress);
  });

  constructor(hooks: Hooks) {
    this.#hooks = hooks;
    onLoading((model, load) => {
      if (this.#state.status === 'running' && this.#models.has(model)) this.#set({ load });
    });
  }

  get state(): WorkState {
    return this.#state;
  }

  /** Reads what is kept of these results, without computing any, and tells of those that are there. */
  async read(wanted: readonly Wanted[]): Promise<void> {
    await Promise.all(wanted.map(({ question, recipe }) => readKept(question, [recipe])));
    const kept = wanted.filter(({ question, recipe }) => results.asked(resultKeyOf(question, recipe) ?? '') > 0);
    if (kept.length > 0) this.#hooks.onResults(kept);
  }

  /** Gets these results. @returns whether all of them are there */
  async run(wanted: readonly Wanted[]): Promise<boolean> {
    const mine = ++this.#generation;
    const isCurrent = () => mine === this.#generation;
    this.#cancel();
    this.#redraw.now();
    this.#wanted = wanted;
    this.#set({ ...idleWork, status: 'running' });
    try {
      await this.read(wanted);
      if (!isCurrent()) return false;
      this.#name();
      const isDone = await this.#take(isCurrent);
      if (!isDone) return false;
      this.#redraw.now();
      this.#set({ status: 'finished', secondsLeft: 0, rate: null, at: null, preparing: null, load: null });
      return true;
    } catch (error) {
      if (!isCurrent()) return false;
      this.#redraw.now();
      const failure = LabError.from(error);
      const isStopped = failure.kind === 'cancelled';
      this.#set({
        status: isStopped ? 'paused' : 'failed',
        at: null,
        preparing: null,
        load: null,
        error: isStopped ? null : failure.toJSON(),
      });
      return false;
    }
  }

  /** Stops computing after the pass in progress; what was finished stays. */
  pause = (): void => {
    this.#redraw.now();
    this.#generation++;
    this.#cancel();
    this.#set({ status: 'paused', at: null, secondsLeft: null, preparing: null, load: null });
  };

  /** Stops at once, and gives the memory of the models back. What was finished stays. */
  stop = (): void => {
    this.#redraw.now();
    this.#generation++;
    for (const model of this.#models) evaluatorOf(model).end();
    this.#models.clear();
    this.#set({ ...idleWork, done: this.#state.done, of: this.#state.of });
  };

  #set(change: Partial<WorkState>): void {
    const before = this.#state;
    this.#state = { ...before, ...change };
    tellBusy(this.#state, before);
    this.#hooks.onState(this.#state);
  }

  #cancel(): void {
    for (const model of this.#models) void evaluatorOf(model).cancel();
  }

  /**
   * Finds the key of everything that is wanted, and how many probes that is, as far as it is known by now.
   *
   * @throws LabError `bad-suite` where a suite is not on this machine
   */
  #name(): void {
    const all = new Map<string, Omit<Todo, 'asked'>>();
    for (const wanted of this.#wanted) {
      const key = resultKeyOf(wanted.question, wanted.recipe);
      if (key === null)
        throw new LabError(
          'bad-suite',
          `The suite ${wanted.question.suite} is not on this machine.`,
          'Bring its files again, or choose another suite.',
        );
      const total = layoutFor(wanted.question)?.order.length;
      const of = total === undefined ? firstChunk : Math.min(total, wanted.most ?? total);
      const before = all.get(key);
      // Wanted twice: as much as the greater wish.
      if (!before || before.of < of) all.set(key, { ...wanted, key, of });
    }
    this.#named = [...all.values()];
  }

  /** What is left of the list, and how much of it is known. */
  #todos(): Todo[] {
    return this.#named.map((named) => ({ ...named, asked: Math.min(named.of, results.asked(named.key)) }));
  }

  /** Tells how far the run is. */
  #tell({ extra, at, preparing }: Progress): void {
    const todos = this.#todos();
    const of = todos.reduce((sum, todo) => sum + todo.of, 0);
    // A piece that was kept a moment ago is still told as one in progress.
    const done = Math.min(of, todos.reduce((sum, todo) => sum + todo.asked, 0) + extra);
    const { rate } = this.#pace;
    this.#set({ done, of, rate, secondsLeft: rate === null ? null : (of - done) / rate, at, preparing });
  }

  async #take(isCurrent: () => boolean): Promise<boolean> {
    const open = new Map<string, Files>();
    /** Results that another tab works on: left to it while there is something else to do. */
    const elsewhere = new Set<string>();
    const pace = new Pace();
    this.#pace = pace;
    const begun = computedByAll();
    const tell = (extra: number, at: string | null, preparing: Preparing | null = null) => {
      if (!isCurrent()) return;
      pace.mark(performance.now(), computedByAll() - begun + extra);
      this.#redraw.soon({ extra, at, preparing });
    };
    tell(0, null);
    for (;;) {
      if (!isCurrent()) return false;
      const todos = this.#todos();
      const todo = nextOf(todos, ({ key }) => !elsewhere.has(key)) ?? nextOf(todos, () => true);
      if (!todo) return true;
      const { question, recipe, key, label, asked } = todo;
      this.#models.add(question.model);
      const name = `${question.model}/${question.suite}/${question.template}`;
      let files = open.get(name);
      if (!files) {
        files = await openQuestion(question);
        open.set(name, files);
        if (!isCurrent()) return false;
        this.#set({ load: null });
        // Now it is known how many probes there are; and if the site was updated, the model is another one.
        this.#name();
        continue;
      }
      const probes = { template: question.template, order: layoutFor(question)!.order };
      const stored = await results.ask(
        evaluatorOf(question.model),
        tabs,
        { key, recipe, asked: results.asked(key), files, probes },
        {
          most: todo.of,
          wait: elsewhere.has(key),
          isWanted: isCurrent,
          onProgress: (done) => tell(done, label),
          onPreparing: (preparing) => tell(0, label, preparing),
        },
      );
      if (stored === 'elsewhere') elsewhere.add(key);
      else elsewhere.delete(key);
      if (results.asked(key) > asked) this.#fresh.set(key, todo);
      if (!isCurrent()) {
        this.#redraw.soon();
        return false;
      }
      tell(0, label);
    }
  }
}

/** The first result without a sample; then the first that is not complete. */
function nextOf(todos: readonly Todo[], isFree: (todo: Todo) => boolean): Todo | undefined {
  const free = todos.filter(isFree);
  return free.find(({ asked, of }) => asked < Math.min(firstChunk, of)) ?? free.find(({ asked, of }) => asked < of);
}
