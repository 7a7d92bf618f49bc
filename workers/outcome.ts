import { LabError } from '../src/lab/errors.ts';
import type { Settled } from './api.ts';

/** Does work in a worker, and says what became of it. */
export async function settle<T>(work: () => T | Promise<T>): Promise<Settled<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: LabError.from(error).toJSON() };
  }
}

/** The other side of it. @throws LabError as the worker gave it */
export function unwrap<T>(outcome: Settled<T>): T {
  if (outcome.ok) return outcome.value;
  throw LabError.from(outcome.error);
}
