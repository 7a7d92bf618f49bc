import { z } from 'zod';
import { readValue } from '../../json.ts';
import type { Task } from './task.ts';

const text = z.string().min(1);
const ending = z.string().transform(clean).pipe(text);
const document = z.object({
  activity_label: text,
  ctx_a: text,
  /** Empty where the ending begins a new sentence. */
  ctx_b: z.string(),
  endings: z.array(ending).length(4),
  label: z
    .literal([0, 1, 2, 3, '0', '1', '2', '3'], { error: 'must be 0, 1, 2 or 3: which ending is right' })
    .transform(Number),
  relation: text.optional(),
});

/** HellaSwag (Zellers et al. 2019). */
export const hellaswag: Task = {
  id: 'hellaswag',
  label: 'HellaSwag',
  help: 'Chooses how a description of an everyday event goes on.',
  scoring: 'choice',
  hasNorm: true,
  fields: { has: ['ctx_a', 'endings'] },
  read(doc, fault) {
    const { activity_label, ctx_a, ctx_b, endings, label, relation } = readValue(document, doc, fault);
    const context = clean(`${activity_label}: ${ctx_a} ${capitalize(ctx_b)}`);
    return {
      options: endings.map((text) => ({ context, continuation: ` ${text}`, length: [...text].length })),
      answer: label,
      ...(relation !== undefined && { relation }),
    };
  },
};

/** The harness's preprocessing: takes out what WikiHow's markup left behind. Its order and its single pass matter. */
function clean(text: string): string {
  return text
    .trim()
    .replaceAll(' [title]', '. ')
    .replaceAll(/\[[^\n]*?\]/g, '')
    .replaceAll('  ', ' ');
}

/** Python's `str.capitalize`: the rest becomes lower case. */
function capitalize(text: string): string {
  const [first = '', ...rest] = text;
  return first.toUpperCase() + rest.join('').toLowerCase();
}
