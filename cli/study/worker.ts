// A worker process of a study: asks one model, one task after another, on one thread. Started by pool.ts.
import { setImmediate } from 'node:timers/promises';
import { LabError } from '../../src/lab/errors.ts';
import type { LabSession } from '../../src/lab/session.ts';
import { openSession } from '../session.ts';
import type { Reply, StudyTask, TaskOutcome } from './task.ts';

let session: LabSession | undefined;

async function outcomeOf(task: StudyTask): Promise<TaskOutcome> {
  try {
    const { model, suite, vocabulary, answers, recipe, template, limit, keep } = task;
    session ??= await openSession({ model, suite, vocabulary, answers, threads: 1 });
    // Yields so that the end of a killed study is noticed within a run.
    const { result, predictions } = await session.run(recipe, {
      wording: template,
      limit: limit ?? undefined,
      keep,
      yieldNow: setImmediate,
    });
    let sum = 0;
    for (const [number, rank] of predictions.ranks.entries()) if (rank > 0) sum += predictions.goldLogProbs[number];
    const mean = sum / result.probes;
    return { kind: 'done', result, meanLogProb: Number.isFinite(mean) ? mean : null };
  } catch (error) {
    return { kind: 'failed', error: LabError.from(error).toJSON() };
  }
}

const say = (reply: Reply) => process.send?.(reply);

// A terminal sends Ctrl-C to every process; what is done about it is the study's choice.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.on('message', async (task: StudyTask) => say(await outcomeOf(task)));
say({ kind: 'ready' });
