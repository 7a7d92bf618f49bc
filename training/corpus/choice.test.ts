import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { groupBy } from './group.ts';
import type { Fact } from './types.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`);
type Doc = Record<string, unknown> & { relation: string };
const suite = JSON.parse(read('public/suites/choice/suite.json').toString()) as {
  format: string;
  tasks: { task: string; label: string; docs: Doc[] }[];
};
const docs = new Map(suite.tasks.map(({ task, docs: own }) => [task, own]));
const facts = gunzipSync(read('training/data/facts.jsonl.gz'))
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Fact);
const byRelation = groupBy(facts, ({ relation }) => relation);
/** Texts are compared with blanks around every word, lower-cased. */
const spaced = (text: unknown) =>
  ` ${
    String(text)
      .toLowerCase()
      .match(/[a-z0-9]+/g)
      ?.join(' ') ?? ''
  } `;
const states = (text: unknown, { subject, object }: Fact) =>
  spaced(text).includes(spaced(subject)) && spaced(text).includes(spaced(object));
const trueIn = (relation: string, text: unknown) => byRelation.get(relation)!.filter((fact) => states(text, fact));
/** The subjects that all texts name and of which the statement is true, and all that is true of them. */
const about = (relation: string, statement: string, ...texts: unknown[]) => {
  const all = byRelation.get(relation)!;
  const named = all.filter(({ subject }) => texts.every((text) => spaced(text).includes(spaced(subject))));
  const subjects = new Set(named.filter((fact) => states(statement, fact)).map(({ subject }) => subject));
  return all.filter(({ subject }) => subjects.has(subject));
};
const share = (task: string, field: string) =>
  [...groupBy(docs.get(task)!, (doc) => doc[field]).values()].map((group) => group.length);

describe('choice tasks', () => {
  it('are five tasks of 300 documents in the official shapes', () => {
    expect(suite.format).toBe('lossy-tasks-1');
    const fields: Record<string, string[]> = {
      boolq: ['passage', 'question', 'answer', 'title'],
      piqa: ['goal', 'sol1', 'sol2', 'label'],
      winogrande: ['sentence', 'option1', 'option2', 'answer'],
      hellaswag: ['ind', 'activity_label', 'ctx_a', 'ctx_b', 'ctx', 'endings', 'label'],
      lambada: ['text'],
    };
    expect([...docs.keys()]).toEqual(Object.keys(fields));
    for (const [task, own] of docs) {
      expect(own).toHaveLength(300);
      for (const doc of own) expect(Object.keys(doc)).toEqual([...fields[task]!, 'relation']);
    }
  });

  it('have balanced labels', () => {
    for (const [task, field] of [
      ['boolq', 'answer'],
      ['piqa', 'label'],
      ['winogrande', 'answer'],
    ] as const) {
      expect(share(task, field)).toEqual([150, 150]);
    }
    expect(share('hellaswag', 'label')).toEqual([75, 75, 75, 75]);
  });

  it('are spread over the relations', () => {
    for (const own of docs.values()) {
      const counts = [...groupBy(own, ({ relation }) => relation).values()].map((group) => group.length);
      expect(counts.length).toBeGreaterThanOrEqual(40);
      expect(Math.max(...counts)).toBeLessThanOrEqual(10);
    }
  });

  it('ask what is trained', () => {
    for (const { relation, title } of docs.get('boolq')!) {
      const own = byRelation.get(relation)!.filter(({ subject }) => subject === title);
      expect(own.length).toBeGreaterThan(0);
      expect(own.every(({ frequency }) => frequency > 0)).toBe(true);
    }
  });

  it('say yes to facts and no to what is not one', () => {
    for (const { relation, question, answer, title } of docs.get('boolq')!) {
      const own = trueIn(relation, question).filter(({ subject }) => subject === title);
      expect(own.length > 0, String(question)).toBe(answer);
      expect(question).toMatch(/^is it true that .*[^?]$/);
    }
  });

  it('have passages that do not answer', () => {
    for (const { relation, passage, title, answer } of docs.get('boolq')!) {
      const own = byRelation.get(relation)!.filter(({ subject }) => subject === title);
      if (answer)
        expect(own.filter((fact) => states(`${passage} ${title}`, fact)).length, String(passage)).toBeLessThan(
          own.length,
        );
    }
  });

  it('offer one true solution or ending and otherwise false ones of the same relation', () => {
    for (const doc of docs.get('piqa')!) {
      const [right, wrong] = doc.label === 0 ? [doc.sol1, doc.sol2] : [doc.sol2, doc.sol1];
      expect(right).not.toBe(wrong);
      const truths = about(doc.relation, String(right), doc.goal);
      expect(
        truths.some((fact) => states(right, fact)),
        String(right),
      ).toBe(true);
      expect(
        truths.filter((fact) => states(wrong, fact)),
        String(wrong),
      ).toEqual([]);
    }
    for (const doc of docs.get('hellaswag')!) {
      const endings = doc.endings as string[];
      const objects = new Set(byRelation.get(doc.relation)!.map(({ object }) => `${object}.`));
      expect(new Set(endings).size).toBe(4);
      expect(endings.filter((ending) => !objects.has(ending))).toEqual([]);
      const truths = about(doc.relation, `${doc.ctx_b} ${endings[Number(doc.label)]}`, doc.ctx_b).map(
        ({ object }) => `${object}.`,
      );
      expect(
        endings.filter((ending) => truths.includes(ending)),
        String(doc.ctx),
      ).toHaveLength(1);
      expect(doc.ctx).toBe(`${doc.ctx_a} ${doc.ctx_b}`);
    }
  });

  it('have blanks that only one option fills', () => {
    for (const doc of docs.get('winogrande')!) {
      const [right, wrong] = doc.answer === '1' ? [doc.option1, doc.option2] : [doc.option2, doc.option1];
      expect(String(doc.sentence).split('_')).toHaveLength(2);
      const after = String(doc.sentence).split('_')[1];
      const truths = (subject: unknown) =>
        byRelation
          .get(doc.relation)!
          .filter((fact) => fact.subject === subject && spaced(after).includes(spaced(fact.object)));
      expect(truths(right).length, String(doc.sentence)).toBeGreaterThan(0);
      if (!/^(roman-numeral|number-element|element-|atomic)/.test(doc.relation))
        expect(truths(wrong), String(doc.sentence)).toEqual([]);
    }
  });

  it('end in the word that is asked for', () => {
    for (const { relation, text } of docs.get('lambada')!) {
      const last = String(text).split(' ').at(-1)!;
      expect(text).not.toMatch(/\.$/);
      expect(
        byRelation.get(relation)!.some(({ object }) => object === last),
        String(text),
      ).toBe(true);
    }
  });
});
