import { LabError } from '../errors.ts';
import type { Task } from '../suite/tasks/task.ts';

/** How the tests of this folder name the place of a document. */
export const place = { kind: 'bad-suite', where: 'document 3', advice: 'Correct the file.' } as const;

/** What a task says of a document that it refuses. */
export function refusal(task: Task, doc: unknown): string {
  try {
    task.read(doc, place);
  } catch (error) {
    if (error instanceof LabError && error.kind === 'bad-suite') return error.message;
    throw error;
  }
  throw new Error('the document was accepted');
}
