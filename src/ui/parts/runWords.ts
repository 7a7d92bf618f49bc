import { preparingWords } from '../../app/recipe/words.ts';
import type { RunState } from '../../app/views/explore/explore-store.ts';
import { work as texts } from '../texts/work.ts';
import { count, duration } from './format.ts';

/** How far a run is, in words. */
export function runWords({ status, done, of, rate, secondsLeft, at, preparing }: RunState): string {
  const amount = texts.amount(count(done), count(of));
  switch (status) {
    case 'running':
      return [
        amount,
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
