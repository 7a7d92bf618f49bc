import type { Opened } from '../../../workers/api.ts';
import type { Recipe } from '../../lab/compress/recipe.ts';
import { LabError } from '../../lab/errors.ts';
import type { Preparing } from '../../lab/work.ts';
import { firstChunk } from '../chunks.ts';
import { Latest } from '../page/latest.ts';
import { setBusy } from '../page/page.ts';
import { type Progress, Redraw } from '../page/redraw.ts';
import type { Question } from '../recipe/question.ts';
import { notHere } from '../storage/user-suites.ts';
import { computedByAll, evaluatorOf, loading, results, saved, started, tabs } from './coordinator.ts';
import type { Files } from './evaluator.ts';
import { Pace } from './pace.ts';
import { inOrder } from './policies/in-order.ts';
import { isComplete, isSampled, type Policy, type RunTask } from './policies/policy.ts';
import { openQuestion } from './question.ts';
import { layoutFor, readKept, resultKeyOf } from './result-lookup.ts';
import { atRest, idleRun, type RunState } from './status.ts';

/** One result that a view needs. */
export interface Need {
  question: Question;
  recipe: Recipe;
  /** What it is called while it is worked on. */
  label: string;
  /** This many questions are enough; all of them if not given. */
  most?: number;
}

/** What a view hears of its run. */
export interface RunHooks {
  onState: (state: RunState) => void;
  /** More is known of some of these needs: `resultFor` has it. */
  onResults: (needs: readonly Need[]) => void;
  /**
   * A model and a suite were opened, before anything is asked of them. A view that has this hook opens every model of its
   * needs.
   *
   * @throws LabError that says why they cannot be asked
   */
  onOpened?: (question: Question, opened: Opened) => Promise<void> | void;
}

/** A need, its key, and how many questions it wants, as far as that is known. */
type Named = Need & { key: string; of: number };

const questionKey = ({ model, suite, template }: Question) => `${model}/${suite}/${template}`;

const runners = new Set<Runner>();

/** Stops every run at once. */
export const stopAll = () => {
  for (const runner of runners) runner.stop();
};

/**
 * Gets what a view needs: from the cache, or asked of the models chunk by chunk in the order of a policy. Every chunk is
 * kept, so that pausing, stopping, a crash or a closed page loses none that was finished. One list of needs at a time:
 * a new one takes the place of the one before. Models are opened side by side, each in its own worker; one that cannot be
 * opened or asked is given up, and the others go on.
 */
export class Runner {
  readonly #hooks: RunHooks;
  readonly #latest = new Latest();
  #state = idleRun;
  #needs: readonly Need[] = [];
  #named: readonly Named[] = [];
  #files = new Map<string, Files>();
  /** Whose workers this runner may have begun. */
  readonly #opened = new Set<string>();
  /** Bytes by model, while it is being opened. */
  readonly #loads = new Map<string, { done: number; total: number }>();
  /** Needs of which more is known than is shown, by key. */
  readonly #fresh = new Map<string, Need>();
  #pace = new Pace();
  readonly #redraw = new Redraw((progress) => {
    const fresh = [...this.#fresh.values()];
    this.#fresh.clear();
    if (fresh.length > 0) this.#hooks.onResults(fresh);
    if (progress) this.#tell(progress);
  });

  constructor(hooks: RunHooks) {
    this.#hooks = hooks;
    const listening = [
      loading.add((model, load) => {
        if (!this.#loads.has(model)) return;
        this.#loads.set(model, load);
        this.#tellLoad();
      }),
      started.add((model, running) => {
        if (this.#opened.has(model)) this.#set({ running });
      }),
      saved.add((key) => void this.#refresh(key)),
    ];
    this.dispose = () => {
      this.#latest.cancel();
      for (const end of listening) end();
      runners.delete(this);
    };
    runners.add(this);
  }

  /** Ends the runner. Workers go on: they may serve others. */
  readonly dispose: () => void;

  get state(): RunState {
    return this.#state;
  }

  /** Reads what is kept of these results, without computing any, and follows what other tabs add to them. */
  async read(needs: readonly Need[]): Promise<void> {
    this.#needs = needs;
    await Promise.all(needs.map(({ question, recipe }) => readKept(question, [recipe])));
    const kept = needs.filter(({ question, recipe }) => results.asked(resultKeyOf(question, recipe) ?? '') > 0);
    if (kept.length > 0) this.#hooks.onResults(kept);
    this.#settle();
  }

  /**
   * Gets these results.
   *
   * @returns whether all of them are there; false where it was stopped or something failed
   */
  async run(needs: readonly Need[], policy: Policy = inOrder): Promise<boolean> {
    const isCurrent = this.#latest.begin();
    this.#cancel();
    this.#redraw.now();
    const { running } = this.#state;
    this.#files = new Map();
    this.#loads.clear();
    this.#set({ ...idleRun, status: 'running', running });
    try {
      await this.read(needs);
      if (!isCurrent()) return false;
      this.#name();
      await this.#ask(policy, isCurrent);
      if (!isCurrent()) return false;
      this.#redraw.now();
      const hasFailed = Object.keys(this.#state.failures).length > 0;
      this.#set({ ...atRest, status: hasFailed ? 'failed' : 'finished', ...(!hasFailed && { secondsLeft: 0 }) });
      return !hasFailed;
    } catch (error) {
      if (!isCurrent()) return false;
      this.#redraw.now();
      const failure = LabError.from(error);
      if (failure.kind === 'cancelled') this.#set({ ...atRest, status: 'paused' });
      else this.#set({ ...atRest, status: 'failed', failures: { '': failure.toJSON() } });
      return false;
    }
  }

  /** Opens the model of a question without asking it anything. */
  async open(question: Question): Promise<void> {
    const isCurrent = this.#latest.now();
    this.#opened.add(question.model);
    try {
      const { opened } = await openQuestion(question);
      if (isCurrent()) await this.#hooks.onOpened?.(question, opened);
    } catch (error) {
      const failure = LabError.from(error);
      if (isCurrent() && failure.kind !== 'cancelled')
        this.#set({ ...atRest, status: 'failed', failures: { [question.model]: failure.toJSON() } });
    }
  }

  /** Stops after the pass in progress; what was finished stays. */
  pause = (): void => {
    this.#redraw.now();
    this.#latest.cancel();
    this.#cancel();
    this.#set({ ...atRest, status: 'paused' });
  };

  /** Stops at once, and gives back the models' memory. What was finished stays. */
  stop = (): void => {
    this.#redraw.now();
    this.#latest.cancel();
    for (const model of this.#opened) evaluatorOf(model).end();
    this.#opened.clear();
    const { done, of } = this.#state;
    this.#set({ ...idleRun, done, of });
  };

  #set(change: Partial<RunState>): void {
    const before = this.#state;
    this.#state = { ...before, ...change };
    const { status, done, of, sample } = this.#state;
    const shown = sample ?? { done, of };
    if (status === 'running') setBusy(shown.of === 0 ? 0 : shown.done / shown.of);
    else if (before.status === 'running') setBusy(null);
    this.#hooks.onState(this.#state);
  }

  /** Nothing is left to run where everything that is needed is there already. */
  #settle(): void {
    const { status } = this.#state;
    const isLaidOut = this.#needs.every(({ question }) => layoutFor(question));
    if (status === 'running' || this.#needs.length === 0 || !isLaidOut) return;
    this.#name();
    const tasks = this.#tasks();
    const of = tasks.reduce((sum, task) => sum + task.of, 0);
    const isDone = tasks.every(isComplete);
    if (isDone)
      this.#set({ ...idleRun, running: this.#state.running, status: 'finished', done: of, of, secondsLeft: 0 });
    else if (status === 'finished') this.#set(idleRun);
  }

  #cancel(): void {
    for (const model of this.#opened) void evaluatorOf(model).cancel();
  }

  /** Another tab saved more of a result. */
  async #refresh(key: string): Promise<void> {
    const need = this.#needs.find(({ question, recipe }) => resultKeyOf(question, recipe) === key);
    if (!need) return;
    await readKept(need.question, [need.recipe]);
    this.#fresh.set(key, need);
    this.#redraw.soon();
  }

  /**
   * Finds the keys of all needs, and how many questions each is. Keys are hashes, and progress is told after every pass:
   * they are not made anew for that.
   *
   * @throws LabError `bad-suite` where a suite is not on this machine
   */
  #name(): void {
    const all = new Map<string, Named>();
    for (const need of this.#needs) {
      const key = resultKeyOf(need.question, need.recipe);
      if (key === null) throw notHere(need.question.suite);
      const total = layoutFor(need.question)?.order.length ?? firstChunk;
      const of = Math.min(total, need.most ?? total);
      const before = all.get(key);
      // Needed twice: as much as the greater need.
      if (!before || before.of < of) all.set(key, { ...need, key, of });
    }
    this.#named = [...all.values()];
  }

  /** All results of the run whose model was not given up, and how far they are. */
  #tasks(): (Named & RunTask)[] {
    return this.#named
      .filter(({ question }) => !(question.model in this.#state.failures))
      .map((named) => {
        const { asked = 0, hits = 0 } = results.get(named.key)?.stored.entry ?? {};
        return { ...named, model: named.question.model, asked: Math.min(named.of, asked), hits };
      });
  }

  /** Opens models and asks, until nothing is left to do or something else is wanted. */
  async #ask(policy: Policy, isCurrent: () => boolean): Promise<void> {
    const opening = new Map<string, Promise<void>>();
    /** Somebody ended a worker while its model was being opened. */
    let ended: LabError | null = null;
    const open = (question: Question) => {
      const work = this.#open(question, isCurrent)
        .catch((error) => {
          ended = LabError.from(error);
        })
        .finally(() => opening.delete(question.model));
      opening.set(question.model, work);
      return work;
    };
    /** Results that another tab works on: left to it while there is something else to do. */
    const elsewhere = new Set<string>();
    const begun = computedByAll();
    this.#pace = new Pace();
    const tell = (extra: number, at: string | null, preparing: Preparing | null = null) => {
      if (!isCurrent()) return;
      this.#pace.mark(performance.now(), computedByAll() - begun + extra);
      this.#redraw.soon({ extra, at, preparing });
    };
    const first = new Map<string, Question>();
    for (const task of this.#tasks()) {
      // A view that wants to know of a model has it opened even where every answer is there.
      const isWanted = this.#hooks.onOpened || !isComplete(task) || !layoutFor(task.question);
      if (isWanted && !first.has(task.model)) first.set(task.model, task.question);
    }
    for (const question of first.values()) void open(question);
    tell(0, null);
    while (isCurrent()) {
      if (ended) throw ended;
      const tasks = this.#tasks();
      const isReady = (task: RunTask) => !opening.has(task.model);
      const turn =
        policy(tasks, (task) => isReady(task) && !elsewhere.has(task.key)) ?? policy(tasks, (task) => isReady(task));
      if (!turn) {
        if (opening.size === 0) return;
        await Promise.race(opening.values());
        continue;
      }
      const { question, recipe, key, label, of } = tasks.find((task) => task.key === turn.key)!;
      const files = this.#files.get(questionKey(question));
      const layout = layoutFor(question);
      if (!files || !layout) {
        await open(question);
        continue;
      }
      const asked = results.asked(key);
      try {
        const outcome = await results.ask(
          evaluatorOf(question.model),
          tabs,
          { key, recipe, asked, files, probes: { template: question.template, order: layout.order } },
          {
            most: of,
            wait: elsewhere.has(key),
            isWanted: isCurrent,
            onProgress: (done) => tell(done, label),
            onPreparing: (preparing) => tell(0, label, preparing),
          },
        );
        if (outcome === 'elsewhere') elsewhere.add(key);
        else elsewhere.delete(key);
      } catch (error) {
        this.#giveUp(question.model, error, isCurrent);
      }
      if (results.asked(key) > asked) {
        performance.mark('lossy:piece');
        this.#fresh.set(key, { question, recipe, label });
      }
      if (isCurrent()) tell(0, label);
      else this.#redraw.soon();
    }
  }

  /** Opens a model with a suite. Afterwards it is known how many questions there are; and if the site was updated, the model is another one. */
  async #open(question: Question, isCurrent: () => boolean): Promise<void> {
    const { model } = question;
    this.#opened.add(model);
    this.#loads.set(model, { done: 0, total: 0 });
    this.#tellLoad();
    try {
      const { files, opened } = await openQuestion(question);
      if (!isCurrent()) return;
      await this.#hooks.onOpened?.(question, opened);
      if (!isCurrent()) return;
      this.#files.set(questionKey(question), files);
      await this.read(this.#needs);
      if (isCurrent()) this.#name();
    } catch (error) {
      this.#giveUp(model, error, isCurrent);
    } finally {
      if (isCurrent()) {
        this.#loads.delete(model);
        this.#tellLoad();
      }
    }
  }

  /** Leaves a model out of the run. @throws LabError `cancelled` where the whole run was */
  #giveUp(model: string, error: unknown, isCurrent: () => boolean): void {
    const failure = LabError.from(error);
    if (!isCurrent()) return;
    if (failure.kind === 'cancelled') throw failure;
    this.#set({ failures: { ...this.#state.failures, [model]: failure.toJSON() } });
  }

  #tellLoad(): void {
    if (this.#state.status !== 'running') return;
    const loads = [...this.#loads.values()];
    const sum = (value: 'done' | 'total') => loads.reduce((total, load) => total + load[value], 0);
    this.#set({ load: loads.length === 0 ? null : { done: sum('done'), total: sum('total') } });
  }

  /** Tells how far the run is. */
  #tell({ extra, at, preparing }: Progress): void {
    if (this.#state.status !== 'running') return;
    const tasks = this.#tasks();
    const sum = (value: (task: RunTask) => number) => tasks.reduce((total, task) => total + value(task), 0);
    // A chunk that was kept a moment ago may still be told as one in progress: never more than there is.
    const amount = (done: number, of: number) => ({ of, done: Math.min(of, done + extra) });
    const all = amount(
      sum(({ asked }) => asked),
      sum(({ of }) => of),
    );
    const sampled = amount(
      sum(({ asked, of }) => Math.min(firstChunk, of, asked)),
      sum(({ of }) => Math.min(firstChunk, of)),
    );
    const sample = sampled.of < all.of && !tasks.every(isSampled) ? sampled : null;
    const { rate } = this.#pace;
    const left = sample ? sample.of - sample.done : all.of - all.done;
    this.#set({ ...all, sample, rate, secondsLeft: rate === null ? null : left / rate, at, preparing });
  }
}
