import { z } from 'zod';
import { readValue } from '../../json.ts';
import type { Task } from './task.ts';

/** Files differ: the original has `answer` as a boolean, SuperGLUE `label` as a boolean, a string or 0 and 1. */
const truth = z
  .literal([true, false, 'true', 'false', 0, 1, '0', '1'], { error: 'must be true or false, or 1 or 0' })
  .transform((value) => value === true || value === 'true' || value === 1 || value === '1');

const document = z
  .object({
    passage: z.string().min(1),
    question: z.string().min(1),
    answer: truth.optional(),
    label: truth.optional(),
    relation: z.string().min(1).optional(),
  })
  .transform(({ answer, label, ...rest }, context) => {
    const yes = answer ?? label;
    if (yes !== undefined) return { ...rest, yes };
    context.addIssue({ code: 'custom', path: ['answer'], message: 'must be true or false; `label` may stand for it' });
    return z.NEVER;
  });

/** BoolQ (Clark et al. 2019). */
export const boolq: Task = {
  id: 'boolq',
  label: 'BoolQ',
  help: 'Reads a passage and answers a question about it with yes or no.',
  scoring: 'choice',
  hasNorm: false,
  fields: { has: ['passage', 'question'] },
  read(doc, fault) {
    const { passage, question, yes, relation } = readValue(document, doc, fault);
    const context = `${passage}\nQuestion: ${question}?\nAnswer:`;
    return {
      // The harness says yes only if it is the likelier one. Ties go to the first option: that must be no.
      options: ['no', 'yes'].map((word) => ({ context, continuation: ` ${word}`, length: word.length })),
      answer: yes ? 1 : 0,
      ...(relation !== undefined && { relation }),
    };
  },
};
