import { z } from 'zod';
import { readValue } from '../../json.ts';
import type { Task } from './task.ts';

const document = z.object({
  text: z.string().regex(/\S\s* [^ ]*\S[^ ]*$/, { error: 'must hold two words or more, and end with one' }),
  relation: z.string().min(1).optional(),
});

/** LAMBADA (Paperno et al. 2016): the last word, which only the whole passage gives away. */
export const lambada: Task = {
  id: 'lambada',
  label: 'LAMBADA',
  help: 'Writes the last word of a passage, without any options.',
  scoring: 'greedy',
  hasNorm: false,
  // Very many files have a text: one with anything to be asked beside it is something else.
  fields: { has: ['text'], only: ['text', 'domain', 'relation', 'id', 'idx'] },
  read(doc, fault) {
    const { text, relation } = readValue(document, doc, fault);
    const space = text.lastIndexOf(' ');
    const word = text.slice(space + 1);
    return {
      options: [{ context: text.slice(0, space), continuation: ` ${word}`, length: [...word].length }],
      answer: 0,
      ...(relation !== undefined && { relation }),
    };
  },
};
