import type { ProbeList } from '../../../workers/api.ts';
import { LabError } from '../../lab/errors.ts';
import { filesOf } from '../page/suites.ts';
import { probeLayoutOf } from '../storage/probe-layouts.ts';
import type { Files } from './evaluator.ts';
import { evaluatorOf } from './evaluators.ts';
import { type Question, rememberOpened, resultKeyOf } from './result-lookup.ts';
import { layouts } from './shared.ts';

/**
 * Opens a model with a suite in its own worker, and learns how the probes lie unless that is known.
 *
 * @throws LabError `cancelled` where the worker was ended meanwhile: it would begin anew, and nobody would end it
 */
export async function openQuestion(question: Question): Promise<Files> {
  const evaluator = evaluatorOf(question.model);
  const { ends } = evaluator;
  const stillWanted = () => {
    if (evaluator.ends !== ends) throw new LabError('cancelled', 'Stopped.');
  };
  const files = await filesOf(question);
  stillWanted();
  rememberOpened(question, await evaluator.open(files));
  const key = resultKeyOf(question, [])!;
  await layouts.read(key);
  stillWanted();
  if (!layouts.get(key)) await layouts.write(key, probeLayoutOf(await evaluator.probes(files, question.template)));
  return files;
}

/** Texts and answers of a question's probes, which are read from the model and its suite. @throws LabError */
export async function probesOf(question: Question): Promise<ProbeList> {
  const files = await openQuestion(question);
  return evaluatorOf(question.model).probes(files, question.template);
}
