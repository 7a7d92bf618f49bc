import type { Measure } from '../../app/families/choice.ts';
import { useFamilies } from '../../app/families/store.ts';

/** What is asked: facts, or a task's questions. */
export const useNoun = (): 'facts' | 'questions' =>
  useFamilies((state) =>
    state.tracks.some(({ layout }) => layout?.relations.some(({ task }) => task !== null)) ? 'questions' : 'facts',
  );

/** What a figure is, plain words first. */
export const measureWords = (measure: Measure, noun: string) =>
  measure === 'relative'
    ? 'accuracy (P@1) as a share of the same model’s accuracy before compression; what is missing to 100 % is the drop, 100 · (before − after) / before'
    : `accuracy (P@1), the share of all ${noun} that it answers right`;

/** How the interval was made. */
export const intervalWords = (measure: Measure) =>
  measure === 'relative'
    ? 'Bands are 95 % intervals of a ratio of paired shares, from Wilson intervals (Bonett and Price 2006).'
    : 'Bands are 95 % Wilson intervals.';
