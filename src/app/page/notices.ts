import { LabError, type PlainError } from '../../lab/errors.ts';
import { usePage } from './page.ts';

/** Shows the reader a problem that stopped nothing. The same message is shown once. */
export const notify = (error: LabError) =>
  usePage.setState(({ notices }) => ({
    notices: [...notices.filter(({ message }) => message !== error.message), error.toJSON()],
  }));

/** Shows the reader whatever was thrown, unless it was thrown because the work was stopped. */
export function complain(error: unknown): void {
  const failure = LabError.from(error);
  if (failure.kind !== 'cancelled') notify(failure);
}

export const dismiss = (notice: PlainError) =>
  usePage.setState(({ notices }) => ({ notices: notices.filter((other) => other !== notice) }));
