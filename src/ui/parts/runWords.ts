import { preparingWords } from '../../app/recipe/words.ts';
import type { RunState } from '../../app/run/status.ts';
import { run as texts } from '../texts/run.ts';
import { bytes, count, duration } from './format.ts';

/** How far a run is, in words. */
export function runWords({ status, done, of, sample, load, rate, secondsLeft, at, preparing }: RunState): string {
  const amount = texts.amount(count(done), count(of));
  switch (status) {
    case 'running':
      // While a model is opened, and nothing else is being asked.
      if (load && at === null) {
        if (load.total === 0) return texts.looking;
        return load.done < load.total ? texts.loading(bytes(load.done), bytes(load.total)) : texts.opening;
      }
      return [
        sample ? texts.sample(texts.amount(count(sample.done), count(sample.of))) : amount,
        at === null ? '' : texts.now(at),
        preparingWords(preparing),
        rate === null ? '' : texts.rate(count(Math.round(rate))),
        secondsLeft === null ? '' : texts.left(duration(secondsLeft)),
      ]
        .filter(Boolean)
        .join(', ');
    case 'paused':
      return texts.paused(amount);
    case 'finished':
      return texts.finished(count(of));
    default:
      return of === 0 ? texts.idle : texts.stopped(amount);
  }
}
