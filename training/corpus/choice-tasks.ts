import type { ChoiceFacts, Item } from './choice-facts.ts';
import type { Rng } from './rng.ts';
import { capitalize, render, words } from './text.ts';

export type Doc = Record<string, unknown>;
export type Maker = (facts: ChoiceFacts, item: Item, label: number, rng: Rng, number: number) => Doc | undefined;

export interface Task {
  task: string;
  label: string;
  labels: number;
  make: Maker;
}

/** A statement that ends in the object, or begins with the subject: the first six training templates do. */
const template = (item: Item, rng: Rng) => rng.pick(item.relation.train.slice(0, 6));
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

const boolq: Maker = (facts, item, label, rng) => {
  const passage = facts.passage(item, rng);
  const asked = label === 1 ? [item.object] : facts.wrong(item, 1, rng);
  if (!passage || !asked || words(passage).includes(asked[0]!.toLowerCase())) return undefined;
  const statement = render(template(item, rng), item.subject, asked[0]!).text.replace(/\.$/, '').toLowerCase();
  return { passage, question: `is it true that ${statement}`, answer: label === 1, title: item.subject };
};

const piqa: Maker = (facts, item, label, rng) => {
  const wrong = facts.wrong(item, 1, rng);
  if (!wrong) return undefined;
  const wording = template(item, rng);
  const [right, other] = [item.object, wrong[0]!].map((object) => render(wording, item.subject, object).text);
  const [sol1, sol2] = label === 0 ? [right, other] : [other, right];
  return { goal: capitalize(item.relation.ask.replaceAll('[X]', item.subject)), sol1, sol2, label };
};

const winogrande: Maker = (facts, item, label, rng) => {
  const usable = item.relation.train.filter(
    (text) => text.split('[X]').length === 2 && text.indexOf('[X]') < text.indexOf('[Y]'),
  );
  const other = facts.otherSubject(item, rng);
  if (usable.length === 0 || !other) return undefined;
  const sentence = rng
    .pick(usable)
    .replace('[X]', '_')
    .replace('[Y]', () => item.object);
  const [option1, option2] = label === 0 ? [item.subject, other] : [other, item.subject];
  return { sentence, option1, option2, answer: String(label + 1) };
};

const hellaswag: Maker = (facts, item, label, rng, number) => {
  const wrong = facts.wrong(item, 3, rng);
  const wording = template(item, rng);
  const about = item.relation.about;
  if (!wrong || !wording.endsWith(' [Y].') || words(about).includes(item.object.toLowerCase())) return undefined;
  const begun = render(wording, item.subject, '').text.replace(/ \.$/, '');
  const endings = wrong.map((object) => `${object}.`);
  endings.splice(label, 0, `${item.object}.`);
  const ctx_b = wording.startsWith('[X]') ? begun : lowerFirst(begun);
  return {
    ind: number,
    activity_label: item.relation.label,
    ctx_a: about,
    ctx_b,
    ctx: `${about} ${ctx_b}`,
    endings,
    label,
  };
};

const lambada: Maker = (_facts, item, _label, rng) => {
  const wording = template(item, rng);
  const about = item.relation.about;
  if (!wording.endsWith(' [Y].') || words(about).includes(item.object.toLowerCase())) return undefined;
  return { text: `${about} ${render(wording, item.subject, item.object).text.replace(/\.$/, '')}` };
};

export const TASKS: Task[] = [
  { task: 'boolq', label: 'Yes or no', labels: 2, make: boolq },
  { task: 'piqa', label: 'The better answer', labels: 2, make: piqa },
  { task: 'winogrande', label: 'Who or what fits', labels: 2, make: winogrande },
  { task: 'hellaswag', label: 'The right ending', labels: 4, make: hellaswag },
  { task: 'lambada', label: 'The last word', labels: 1, make: lambada },
];

/** The right answer as the language model is to say it: the shapes of the harness. */
export function example(task: string, doc: Doc): { context: string; continuation: string } {
  const text = (name: string) => String(doc[name]);
  if (task === 'boolq') {
    return {
      context: `${text('passage')}\nQuestion: ${text('question')}?\nAnswer:`,
      continuation: doc.answer ? ' yes' : ' no',
    };
  }
  if (task === 'piqa') {
    return {
      context: `Question: ${text('goal')}\nAnswer:`,
      continuation: ` ${doc.label === 0 ? text('sol1') : text('sol2')}`,
    };
  }
  const begun = text('ctx_b').charAt(0).toUpperCase() + text('ctx_b').slice(1).toLowerCase();
  const ending = (doc.endings as string[])[doc.label as number]!;
  return { context: `${text('activity_label')}: ${text('ctx_a')} ${begun}`, continuation: ` ${ending}` };
}
