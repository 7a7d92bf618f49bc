import * as comlink from 'comlink';
import type { LabWorker, Settled } from '../../../workers/api.ts';
import { unwrap } from '../../../workers/outcome.ts';
import { LabError } from '../../lab/errors.ts';

/** The part of a Worker that is used; tests give one of their own. */
export type WorkerLike = Pick<Worker, 'terminate' | 'addEventListener'> & comlink.Endpoint;

export const makeLabWorker = (): WorkerLike =>
  new Worker(new URL('../../../workers/lab.worker.ts', import.meta.url), { type: 'module', name: 'lossy-lab' });

/**
 * The page's end of the lab worker. A worker that crashes makes every waiting call fail with a LabError `worker`
 * instead of leaving it waiting for ever; the next call starts a fresh one.
 */
export class LabClient {
  /** Called when a worker ended, for whatever reason: what it held (model, runtime) is gone. */
  onEnd: () => void = () => {};
  readonly #make: () => WorkerLike;
  #worker: WorkerLike | undefined;
  #remote: comlink.Remote<LabWorker> | undefined;
  #crashed: Promise<never> | undefined;
  #crash: (error: LabError) => void = () => {};

  constructor(make: () => WorkerLike = makeLabWorker) {
    this.#make = make;
  }

  /**
   * Asks the worker.
   *
   * @throws LabError as the worker gave it, or `worker` where it crashed
   */
  async call<T>(ask: (remote: comlink.Remote<LabWorker>) => Promise<Settled<T>>): Promise<T> {
    return unwrap(await this.raw(ask));
  }

  /** Asks the worker for something that cannot fail by itself. @throws LabError `worker` where it crashed */
  async raw<T>(ask: (remote: comlink.Remote<LabWorker>) => Promise<T>): Promise<T> {
    const remote = this.#remote ?? this.#begin();
    return Promise.race([ask(remote), this.#crashed!]);
  }

  /** Ends the worker: waiting calls fail with `reason`. */
  restart(reason = new LabError('cancelled', 'Stopped.')): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#remote = undefined;
    this.onEnd();
    this.#crash(reason);
  }

  #begin(): comlink.Remote<LabWorker> {
    const worker = this.#make();
    this.#crashed = new Promise((_, reject) => {
      this.#crash = reject;
    });
    // Nobody may be waiting when it happens.
    this.#crashed.catch(() => {});
    const fail = (what: string) => {
      if (this.#worker === worker)
        this.restart(
          new LabError(
            'worker',
            `The computing thread stopped${what}.`,
            'What was finished is kept; the lab starts it again.',
          ),
        );
    };
    worker.addEventListener('error', (event) => {
      const { message } = event as ErrorEvent;
      fail(message ? ` (${message})` : '');
    });
    worker.addEventListener('messageerror', () => fail(' (a message could not be read)'));
    this.#worker = worker;
    this.#remote = comlink.wrap<LabWorker>(worker);
    return this.#remote;
  }
}
