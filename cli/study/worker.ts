// A worker process of a study: asks one model, one task after another, on one thread. Started by pool.ts.
import { setImmediate } from 'node:timers/promises';
import { LabError } from '../../src/lab/errors.ts';
import { openModel, openSuite } from '../folder.ts';
import { NodeSession } from '../session.ts';
import type { Reply, StudyTask, TaskOutcome } from './task.ts';

let session: NodeSession | undefined;

async function open({ model, suite, vocabulary, answers }: StudyTask): Promise<NodeSession> {
  return NodeSession.open(await openModel(model), await openSuite(suite, vocabulary), { threads: 1, answers });
}

async function outcomeOf(task: StudyTask): Promise<TaskOutcome> {
  try {
    session ??= await open(task);
    const { recipe, template, limit, keep } = task;
    // Breath is taken so that a study that was killed is noticed within a run.
    const { result, predictions } = await session.run(recipe, template, {
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
