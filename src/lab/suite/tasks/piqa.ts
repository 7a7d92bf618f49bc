import { z } from 'zod';
import { readValue } from '../../json.ts';
import type { Task } from './task.ts';

const text = z.string().min(1);
const document = z.object({
  goal: text,
  sol1: text,
  sol2: text,
  /** In the official files a line of the labels file. */
  label: z.literal([0, 1, '0', '1'], { error: 'must be 0 or 1: which solution is right' }).transform(Number),
  relation: text.optional(),
});

/** PIQA (Bisk et al. 2020). */
export const piqa: Task = {
  id: 'piqa',
  label: 'PIQA',
  help: 'Chooses the solution that reaches an everyday goal.',
  scoring: 'choice',
  hasNorm: true,
  fields: { has: ['goal', 'sol1', 'sol2'] },
  read(doc, fault) {
    const { goal, sol1, sol2, label, relation } = readValue(document, doc, fault);
    const context = `Question: ${goal}\nAnswer:`;
    return {
      options: [sol1, sol2].map((solution) => ({
        context,
        continuation: ` ${solution}`,
        length: [...solution].length,
      })),
      answer: label,
      ...(relation !== undefined && { relation }),
    };
  },
};
