import type { Opened, ProbeList } from '../../../workers/api.ts';
import { LabError } from '../../lab/errors.ts';
import type { Question } from '../recipe/question.ts';
import { probeLayoutOf } from '../storage/probe-layouts.ts';
import { evaluatorOf, layouts } from './coordinator.ts';
import type { Files } from './evaluator.ts';
import { rememberOpened, resultKeyOf } from './result-lookup.ts';
import { filesOf } from './user-suites.ts';

/**
 * Opens a model with a suite in the model's worker, and learns how the probes lie unless that is known.
 *
 * @throws LabError `cancelled` where the worker was ended meanwhile: it would begin anew, and nobody would end it
 */
export async function openQuestion(question: Question): Promise<{ files: Files; opened: Opened }> {
  const evaluator = evaluatorOf(question.model);
  const { ends } = evaluator;
  const stillWanted = () => {
    if (evaluator.ends !== ends) throw new LabError('cancelled', 'Stopped.');
  };
  const files = await filesOf(question);
  // In turn with what is being asked: opening another suite replaces the worker.
  return evaluator.exclusive(async () => {
    stillWanted();
    const opened = await evaluator.open(files);
    rememberOpened(question, opened);
    const key = resultKeyOf(question, [])!;
    await layouts.read(key);
    stillWanted();
    if (!layouts.get(key)) await layouts.write(key, probeLayoutOf(await evaluator.probes(files, question.template)));
    return { files, opened };
  });
}

/** Texts and answers of a question's probes, which are read from the model and its suite. @throws LabError */
export async function probesOf(question: Question): Promise<ProbeList> {
  const { files } = await openQuestion(question);
  const evaluator = evaluatorOf(question.model);
  return evaluator.exclusive(() => evaluator.probes(files, question.template));
}
