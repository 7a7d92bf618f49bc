import { useFamilies } from '../../../app/views/families/families-store.ts';
import type { Noun } from '../../texts/families.ts';

/** What is asked: facts, or a task's questions. */
export const useNoun = (): Noun =>
  useFamilies((state) =>
    state.tracks.some(({ layout }) => layout?.relations.some(({ task }) => task !== null)) ? 'questions' : 'facts',
  );
