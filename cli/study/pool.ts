import { type ChildProcess, fork } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { LabError } from '../../src/lab/errors.ts';
import type { Reply, StudyTask, TaskOutcome } from './task.ts';

/** What became of a task; `lost`: the process that had it ended, twice. */
export type Ending = TaskOutcome | { kind: 'lost' };

export interface StudyPoolOptions {
  /** The worker's program, and what stands behind it on its command line. */
  program: string;
  args?: readonly string[];
  /** How many processes at once. */
  workers: number;
  /** Ends all processes at once. */
  signal: AbortSignal;
  /** Called once for each task, in the order in which they end. */
  onEnding: (task: StudyTask, ending: Ending) => void;
}

/**
 * Runs tasks in processes of their own, each of which gets its next one when it is done. A process has one model open
 * for all of its life; when there is nothing left to ask that one, another process takes its place, so that memory is
 * given back. A task whose process ends is tried once more, in a new one.
 *
 * @throws LabError `worker` where a process ends before it is ready; what `onEnding` throws; all processes have ended then
 */
export async function runTasks(tasks: readonly StudyTask[], options: StudyPoolOptions): Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  // One for each process.
  setMaxListeners(0, signal);
  options.signal.addEventListener('abort', () => stopping.abort(), { once: true });
  const queue = new Queue(tasks);
  const retried = new Set<string>();

  /** Starts processes one after another, and gives each what there is for it. */
  const lane = async () => {
    for (let model = queue.open(); model !== undefined && !signal.aborted; model = queue.open()) {
      const worker = await WorkerProcess.start(options, signal);
      for (let task = queue.take(model); task && !signal.aborted; task = queue.take(model)) {
        const ending = await worker.ask(task);
        if (signal.aborted) break;
        if (ending.kind !== 'lost') options.onEnding(task, ending);
        else {
          if (retried.has(task.key)) options.onEnding(task, ending);
          else queue.putBack(task);
          retried.add(task.key);
          break;
        }
      }
      queue.close(model);
      worker.end();
    }
  };

  const lanes = Array.from({ length: Math.min(options.workers, tasks.length) }, lane);
  try {
    await Promise.all(lanes);
  } catch (error) {
    stopping.abort();
    await Promise.allSettled(lanes);
    throw error;
  }
}

/** Tasks that wait, by model. */
class Queue {
  readonly #waiting = new Map<string, StudyTask[]>();
  /** How many processes have a model open. */
  readonly #opened = new Map<string, number>();

  constructor(tasks: readonly StudyTask[]) {
    for (const task of tasks) {
      const waiting = this.#waiting.get(task.model);
      if (waiting) waiting.push(task);
      else this.#waiting.set(task.model, [task]);
    }
  }

  /** The model for which most tasks wait for each process that will have it open. */
  open(): string | undefined {
    let most = 0;
    let chosen: string | undefined;
    for (const [model, { length }] of this.#waiting) {
      const share = length / (this.#openedFor(model) + 1);
      if (share > most) [most, chosen] = [share, model];
    }
    if (chosen !== undefined) this.#opened.set(chosen, this.#openedFor(chosen) + 1);
    return chosen;
  }

  close(model: string): void {
    this.#opened.set(model, this.#openedFor(model) - 1);
  }

  take(model: string): StudyTask | undefined {
    return this.#waiting.get(model)?.shift();
  }

  putBack(task: StudyTask): void {
    this.#waiting.get(task.model)?.unshift(task);
  }

  #openedFor(model: string): number {
    return this.#opened.get(model) ?? 0;
  }
}

class WorkerProcess {
  readonly #child: ChildProcess;
  /** Resolves what is waited for: the next message, or null where the process ends. */
  #heard: (reply: Reply | null) => void = () => {};
  #ended = false;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (reply: Reply) => this.#heard(reply));
    const onEnd = () => {
      this.#ended = true;
      this.#heard(null);
    };
    child.on('exit', onEnd);
    child.on('error', onEnd);
  }

  static async start({ program, args = [] }: StudyPoolOptions, signal: AbortSignal): Promise<WorkerProcess> {
    // What a worker says is for people: the study's stdout is its own.
    const child = fork(program, args, { stdio: ['ignore', 2, 2, 'ipc'] });
    const worker = new WorkerProcess(child);
    const kill = () => child.kill('SIGKILL');
    signal.addEventListener('abort', kill);
    child.on('exit', () => signal.removeEventListener('abort', kill));
    const first = await worker.#next();
    if (first === null && !signal.aborted)
      throw new LabError(
        'worker',
        'A worker process ended before it was ready.',
        'What it said stands above; if nothing does, memory may be short: give fewer --workers.',
      );
    return worker;
  }

  async ask(task: StudyTask): Promise<Ending> {
    const next = this.#next();
    // A process that has just ended is told by its exit.
    if (this.#child.connected) this.#child.send(task, () => {});
    const reply = await next;
    return reply === null || reply.kind === 'ready' ? { kind: 'lost' } : reply;
  }

  /** Lets it go: it ends by itself. */
  end(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  #next(): Promise<Reply | null> {
    if (this.#ended) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#heard = resolve;
    });
  }
}
