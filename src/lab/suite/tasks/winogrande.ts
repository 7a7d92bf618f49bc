import { z } from 'zod';
import { readValue } from '../../json.ts';
import type { Task } from './task.ts';

const text = z.string().min(1);
const document = z.object({
  sentence: z.string().regex(/_\s*\S/, { error: 'must hold a blank (_) with words after it' }),
  option1: text,
  option2: text,
  answer: z.literal(['1', '2'], { error: 'must be "1" or "2": which option fills the blank' }),
  relation: text.optional(),
});

/**
 * WinoGrande (Sakaguchi et al. 2020), by partial scoring: how likely is the rest of the sentence after each option?
 * Both options have the same continuation, so that none has the better of being the likelier word itself.
 */
export const winogrande: Task = {
  id: 'winogrande',
  label: 'WinoGrande',
  help: 'Chooses which of two names or things fills the blank of a sentence.',
  scoring: 'choice',
  hasNorm: false,
  fields: { has: ['sentence', 'option1', 'option2'] },
  read(doc, fault) {
    const { sentence, option1, option2, answer, relation } = readValue(document, doc, fault);
    const blank = sentence.indexOf('_');
    const rest = sentence.slice(blank + 1).trim();
    return {
      options: [option1, option2].map((option) => ({
        context: sentence.slice(0, blank) + option,
        continuation: ` ${rest}`,
        length: [...rest].length,
      })),
      answer: Number(answer) - 1,
      ...(relation !== undefined && { relation }),
    };
  },
};
