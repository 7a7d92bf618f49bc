import { describe, expect, it } from 'vitest';
import { makeFile, refusal } from '../../test/import-files.ts';
import { importSuite } from './index.ts';

const docs = {
  boolq: { passage: 'Ice floats.', question: 'does ice sink', answer: false, title: 'Ice' },
  piqa: { goal: 'Cool tea', sol1: 'Boil it.', sol2: 'Wait.' },
  winogrande: { qID: '1', sentence: 'Ann left Eve as _ slept.', option1: 'Ann', option2: 'Eve', answer: '2' },
  hellaswag: {
    ind: 1,
    activity_label: 'Baking',
    ctx_a: 'A man kneads.',
    ctx_b: 'he',
    ctx: 'A man kneads. he',
    endings: ['bakes.', 'swims.', 'flies.', 'melts.'],
    label: 0,
  },
  lambada: { text: 'She fed the cat , a happy cat' },
};
const read = (...files: ReturnType<typeof makeFile>[]) => importSuite(files, { name: 'tasks' });
const piqa = (path = 'valid.jsonl') => makeFile(path, [docs.piqa, docs.piqa]);

describe('tasks of the harness', () => {
  it.each(Object.entries(docs).filter(([id]) => id !== 'piqa'))('knows %s by its fields', async (id, doc) => {
    const suite = await read(makeFile('anything.jsonl', [doc, doc]));
    expect(suite.tasks.map((set) => [set.id, set.task, set.items.length])).toEqual([[id, id, 2]]);
    expect(suite).toMatchObject({ title: 'tasks', licence: 'not stated', wordings: ['given'], relations: [] });
  });

  it('makes one suite of several, files of one task under ids and labels that differ', async () => {
    const { tasks } = await read(
      makeFile('z.jsonl', [docs.boolq]),
      makeFile('winogrande.jsonl', [docs.winogrande]),
      makeFile('a/dev.jsonl', [docs.boolq]),
    );
    expect(tasks.map(({ id, task, label }) => [id, task, label])).toEqual([
      ['boolq', 'boolq', 'BoolQ: a/dev.jsonl'],
      ['boolq-2', 'boolq', 'BoolQ: z.jsonl'],
      ['winogrande', 'winogrande', 'WinoGrande'],
    ]);
  });

  it('names the file, the line and the field of a fault', async () => {
    const lines = `${JSON.stringify(docs.boolq)}\n\n${JSON.stringify({ ...docs.boolq, answer: 'maybe' })}`;
    expect(await refusal([makeFile('dev.jsonl', lines)])).toBe(
      'dev.jsonl, line 3: answer: must be true or false, or 1 or 0.',
    );
  });

  it('does not take any file with a text for LAMBADA', async () => {
    expect(await refusal([makeFile('reviews.jsonl', [{ text: 'I liked it', stars: 4 }])])).toContain(
      'has the fields text, stars',
    );
  });
});

describe('PIQA’s answers', () => {
  const answers = async (...files: ReturnType<typeof makeFile>[]) =>
    (await read(...files)).tasks.map(({ items }) => items.map(({ answer }) => answer));

  it('come from the file of the same name', async () => {
    const files = [piqa('a/valid.jsonl'), piqa('a/train.jsonl')];
    const labels = [makeFile('a/valid-labels.lst', '1\n0\n'), makeFile('a/train-labels.lst', '1\r\n1\r\n')];
    expect(await answers(...files, ...labels)).toEqual([
      [1, 1],
      [1, 0],
    ]);
  });

  it('come from the only file of answers for the only file of questions', async () => {
    expect(await answers(piqa(), makeFile('gold.lst', '0\n1'))).toEqual([[0, 1]]);
  });

  it('come from the documents where they are there', async () => {
    const labelled = [0, 1].map((label) => ({ ...docs.piqa, label }));
    expect(await answers(makeFile('valid.jsonl', labelled))).toEqual([[0, 1]]);
  });

  it('are missed', async () => {
    const message = 'valid.jsonl holds PIQA’s questions without their answers: valid-labels.lst is missing.';
    expect(await refusal([piqa()])).toBe(message);
    const others = [piqa('train.jsonl'), makeFile('train-labels.lst', '0\n1')];
    expect(await refusal([piqa(), ...others])).toBe(message);
  });

  it('must be as many as the questions, and 0 or 1', async () => {
    expect(await refusal([piqa(), makeFile('valid-labels.lst', '0\n1\n1')])).toBe(
      'valid-labels.lst holds 3 answers, but valid.jsonl 2 questions.',
    );
    expect(await refusal([piqa(), makeFile('valid-labels.lst', '0\n2')])).toBe(
      'valid-labels.lst, line 2: must be 0 or 1, not "2".',
    );
  });

  it('must belong to questions', async () => {
    const message = 'valid-labels.lst holds answers, but no file of PIQA’s questions belongs to it.';
    expect(await refusal([makeFile('valid-labels.lst', '0\n1')])).toBe(message);
    expect(await refusal([makeFile('boolq.jsonl', [docs.boolq]), makeFile('valid-labels.lst', '0')])).toBe(message);
  });
});
