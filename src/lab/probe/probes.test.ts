import { describe, expect, it } from 'vitest';
import type { FamilyId } from '../model/site.ts';
import {
  type Fact,
  factSuite,
  isWording,
  parseFactFiles,
  type Relation,
  taskSuite,
  wordingIds,
} from '../suite/suite.ts';
import { tasks } from '../suite/tasks/index.ts';
import { special, wordTokenizer } from '../test/graphs.ts';
import { makeProbes, type ProbedModel } from './probes.ts';

const words = ['red', 'green', 'blue', 'apple', 'sky', 'is', 'the', ',', '.', 'sea', 'colour', 'of'];
const tokenizer = wordTokenizer(words);
const asked = (family: FamilyId, maxLength = 12): ProbedModel => ({ family, tokenizer, maxLength, decoderStart: 0 });
const encoder = asked('encoder');
const decoder = asked('decoder');
const tokens = (text: string) => tokenizer.encode(text, false);

const templates = {
  train: ['[X] is [Y] , [X]', 'the colour of [X] is [Y] .', 'never asked [X] [Y]'],
  probe: ['[Y] is the [X]', 'of [X] the colour is [Y]'],
};
type Row = [subject: string, objects: string | string[], frequency?: number | null];
const factsOf = (rows: readonly Row[]): Fact[] =>
  rows.map(([subject, objects, frequency = null]) => ({
    subject,
    objects: [objects].flat(),
    places: [],
    frequency,
  }));
const relation = (rows: readonly Row[], more: Partial<Relation> = {}): Relation => ({
  id: 'colour',
  label: 'Colour',
  property: 'P462',
  cardinality: 'N-M',
  templates,
  facts: factsOf(rows),
  ...more,
});
const suiteOf = (...relations: Relation[]) => factSuite({ title: 'a', licence: 'b', relations });
const refusal = (work: () => unknown): { kind: string; message: string } => {
  try {
    work();
  } catch (error) {
    return error as { kind: string; message: string };
  }
  throw new Error('nothing was thrown');
};

const rows: Row[] = [
  ['sky', 'ultramarine', 1],
  ['apple', ['Green', 'crimson', 'red'], 4],
  ['grass', 'viridian', 2],
  ['sky', ['blue', 'blue'], 8],
  ['apple', 'Blue', 16],
];

describe('the probes of facts', () => {
  it('accept every object that is a word of the model, in order, and stand where a subject’s first one stands', () => {
    const { probes, relations } = makeProbes(suiteOf(relation(rows)), 'seen', encoder);
    expect(probes.map(({ subject, gold }) => [subject, gold])).toEqual([
      ['apple', ['green', 'red', 'blue']],
      ['sky', ['blue']],
    ]);
    expect(probes[0].rows).toHaveLength(1);
    expect(probes[0].rows[0][0].picks[0].gold).toEqual(tokens('green red blue'));
    expect(relations).toEqual([
      { id: 'colour', label: 'Colour', property: 'P462', cardinality: 'N-M', task: null, probes: 2 },
    ]);
  });

  it('say how often the training stated a subject, wherever its facts stand', () => {
    const { probes } = makeProbes(suiteOf(relation(rows)), 'seen', encoder);
    expect(probes.map(({ subject, frequency }) => [subject, frequency])).toEqual([
      ['apple', 20],
      ['sky', 9],
    ]);
  });

  it('do not know it where a part is not known', () => {
    const some: Row[] = [
      ['sky', 'blue', 3],
      ['apple', 'red', null],
      ['sky', 'red', null],
      ['apple', 'green', 2],
    ];
    const { probes } = makeProbes(suiteOf(relation(some)), 'seen', encoder);
    expect(probes.map(({ frequency }) => frequency)).toEqual([null, null]);
  });

  it('stop at 200 subjects, not counting those without a usable object', () => {
    const many = Array.from({ length: 450 }, (_, i): Row => [`s${i}`, i % 2 ? 'red' : 'maroon']);
    const { probes } = makeProbes(suiteOf(relation([...many, ['s1', 'blue']])), 'seen', encoder);
    expect(probes.map(({ subject }) => subject)).toEqual(Array.from({ length: 200 }, (_, i) => `s${2 * i + 1}`));
    expect(probes[0].gold).toEqual(['red', 'blue']);
  });

  it('leave out a relation without any, and keep the numbers of the others in step', () => {
    const one = (id: string, object: string) => relation([['sky', object]], { id });
    const suite = suiteOf(one('x', 'ultramarine'), one('a', 'red'), one('b', 'pink'), one('c', 'blue'));
    const { probes, relations, order } = makeProbes(suite, 'seen', encoder);
    expect(relations.map(({ id }) => id)).toEqual(['a', 'c']);
    expect(probes.map((probe) => relations[probe.relation].id)).toEqual(['a', 'c']);
    expect([...order].sort()).toEqual([0, 1]);
  });

  it('come relation by relation, each where its first usable object stands', () => {
    const lines = [
      { relation: 'a', subject: 'sky', object: 'ultramarine' },
      { relation: 'b', subject: 'sky', object: 'blue' },
      { relation: 'a', subject: 'apple', object: 'red' },
    ];
    const wording = { train: ['[X] [Y]'], probe: '[Y] [X]' };
    const facts = lines.map((line) => JSON.stringify(line)).join('\n');
    const suite = parseFactFiles(facts, JSON.stringify({ a: wording, b: wording }), 'pair');
    expect(makeProbes(suite, 'seen', encoder).relations.map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('take a subject as it is, whatever characters it has', () => {
    const { probes } = makeProbes(suiteOf(relation([["$& $1 $$ $'", 'red']])), 'seen', encoder);
    expect(probes[0].prompt).toBe("$& $1 $$ $' is [MASK] , $& $1 $$ $'");
  });
});

describe('a wording', () => {
  const both: Row[] = [
    ['sky', 'blue', 3],
    ['sky', 'red', 0],
    ['apple', 'green', 0],
  ];
  const prompts = (template: 'seen' | 'paraphrase' | 'held-out', model: ProbedModel, given = both) =>
    makeProbes(suiteOf(relation(given)), template, model).probes.map(({ prompt, gold }) => `${prompt}: ${gold}`);

  it('asks what was trained as it was trained, or in other words', () => {
    expect(prompts('seen', encoder)).toEqual(['Sky is [MASK] , sky: blue']);
    expect(prompts('paraphrase', encoder)).toEqual(['[MASK] is the sky: blue']);
  });

  it('asks held-out facts as others were trained, and accepts only what was never said', () => {
    expect(prompts('held-out', encoder)).toEqual(['Sky is [MASK] , sky: red', 'Apple is [MASK] , apple: green']);
    const { probes } = makeProbes(suiteOf(relation(both)), 'held-out', encoder);
    expect(probes.map(({ frequency }) => frequency)).toEqual([0, 0]);
    const seen = makeProbes(suiteOf(relation(both)), 'seen', encoder).probes;
    expect(seen.map(({ frequency }) => frequency)).toEqual([3]);
  });

  it('is, for a decoder, the first that ends with its blank', () => {
    expect(prompts('seen', decoder)).toEqual(['The colour of sky is …: blue']);
    expect(prompts('paraphrase', decoder)).toEqual(['Of sky the colour is …: blue']);
    expect(prompts('held-out', decoder)).toEqual(['The colour of sky is …: red', 'The colour of apple is …: green']);
  });

  it('is the same for all facts of a relation, even where the first one is too long for it', () => {
    const long = `${'the '.repeat(12)}sky`;
    const given: Row[] = [
      [long, 'red', 1],
      ['apple', 'red', 1],
    ];
    expect(prompts('seen', decoder, given)).toEqual(['The colour of apple is …: red']);
  });

  it('of a suite that does not have it is refused, with those that it has', () => {
    expect(refusal(() => makeProbes(suiteOf(relation([['sky', 'blue', 2]])), 'held-out', encoder))).toMatchObject({
      kind: 'bad-suite',
      message: 'This suite cannot be asked as held-out; it can as seen, paraphrase.',
    });
  });
});

describe('a suite from elsewhere', () => {
  const given = (...relations: Relation[]) =>
    factSuite(
      { title: 'LAMA', licence: 'x', relations, skipped: [{ reason: 'no object', count: 3 }] },
      { given: true },
    );

  it('is asked fact by fact, each with its own answer, as it is written', () => {
    const many = Array.from({ length: 201 }, (_, i): Row => [`sky${i}`, 'blue']);
    const suite = given(relation([['sky', 'blue'], ['sky', 'red'], ...many]));
    const { probes } = makeProbes(suite, 'given', encoder);
    expect(probes).toHaveLength(203);
    expect(probes.slice(0, 2).map(({ prompt, gold, frequency }) => [prompt, gold, frequency])).toEqual([
      ['sky is [MASK] , sky', ['blue'], null],
      ['sky is [MASK] , sky', ['red'], null],
    ]);
  });

  it('may have a sentence for each fact', () => {
    const facts = factsOf([
      ['sky', 'blue'],
      ['sea', 'red'],
    ]).map((fact, at) => ({
      ...fact,
      prompt: ['the sky is [Y] .', '[Y] is the sea .'][at],
    }));
    const made = (model: ProbedModel) => makeProbes(given(relation([], { templates: null, facts })), 'given', model);
    expect(made(encoder).probes.map(({ prompt }) => prompt)).toEqual(['the sky is [MASK] .', '[MASK] is the sea .']);
    // A decoder can be asked with some of them only.
    expect(made(decoder).probes.map(({ prompt }) => prompt)).toEqual(['the sky is …']);
    expect(made(decoder).skipped).toEqual([
      { reason: 'no object', count: 3 },
      { reason: 'the sentence does not end with its blank', count: 1 },
    ]);
  });
});

describe('what is left out', () => {
  it('is counted by its reason, beside what the importer left out', () => {
    const suite = factSuite({
      title: 'a',
      licence: 'b',
      relations: [
        relation([
          ['sky', ['blue', 'red-green']],
          ['apple', 'maroon'],
          ['sea', 'blue-green'],
          ['the '.repeat(12), 'red'],
        ]),
      ],
      skipped: [{ reason: 'no object', count: 2 }],
    });
    const { skipped, probes } = makeProbes(suite, 'seen', encoder);
    expect(probes.map(({ subject }) => subject)).toEqual(['sky']);
    expect(skipped).toEqual([
      { reason: 'no object', count: 2 },
      { reason: 'the answer is not a single token of the model’s vocabulary', count: 2 },
      { reason: 'the answer is not in the model’s vocabulary', count: 1 },
      { reason: 'longer than the model reads (more than 12 tokens)', count: 1 },
    ]);
  });

  it('is said where nothing is left', () => {
    expect(refusal(() => makeProbes(suiteOf(relation([['sky', 'ultramarine']])), 'seen', encoder))).toMatchObject({
      kind: 'bad-suite',
      message: 'Nothing of this suite can be asked of this model: the answer is not in the model’s vocabulary (1).',
    });
  });
});

describe('answers of several tokens', () => {
  const suite = suiteOf(
    relation([
      ['sky', ['blue', 'red-green', 'maroon']],
      ['apple', 'green-red'],
    ]),
  );

  it('do not count, as in LAMA', () => {
    expect(makeProbes(suite, 'seen', encoder).probes).toEqual(
      makeProbes(suite, 'seen', encoder, 'single-token').probes,
    );
    expect(makeProbes(suite, 'seen', encoder).probes.map(({ subject }) => subject)).toEqual(['sky']);
  });

  it('count where any answer does, each as one more way to be right', () => {
    const { probes, skipped } = makeProbes(suite, 'seen', encoder, 'any');
    expect(probes.map(({ gold }) => gold)).toEqual([['blue', 'red-green'], ['green-red']]);
    const golds = probes.map(({ rows }) => rows.map((way) => way.map(({ picks }) => picks[0].gold)));
    const [red, green, blue] = ['red', 'green', 'blue'].map(tokens);
    expect(golds).toEqual([[[blue], [red, green]], [[green, red]]]);
    expect(skipped).toEqual([{ reason: 'the answer is not in the model’s vocabulary', count: 1 }]);
  });
});

describe('the probes of a family', () => {
  const suite = suiteOf(relation([['sky', 'blue']]));
  it.each([
    ['encoder', 'Sky is [MASK] , sky', { ids: tokens('sky is [MASK] , sky'), target: null, picks: [{ at: 2 }] }],
    ['decoder', 'The colour of sky is …', { ids: tokens('the colour of sky is'), target: null, picks: [{ at: 4 }] }],
    [
      'encoder-decoder',
      'Sky is <extra_id_0> , sky',
      { ids: tokens('sky is <extra_id_0> , sky'), target: [0, special.sentinel], picks: [{ at: 1 }] },
    ],
  ] as const)('ask a %s in its own way', (family, prompt, row) => {
    const [probe] = makeProbes(suite, 'seen', asked(family)).probes;
    expect(probe).toMatchObject({ prompt, kind: 'fact', right: 0, lengths: null });
    expect(probe.rows).toMatchObject([[row]]);
  });
});

describe('the probes of tasks', () => {
  const option = (context: string, continuation: string) => ({
    context,
    continuation,
    length: continuation.length - 1,
  });
  const item = (answer: number, ...options: ReturnType<typeof option>[]) => ({ options, answer });
  const suite = taskSuite({
    title: 'a',
    licence: 'b',
    tasks: [
      {
        task: 'piqa',
        id: 'piqa',
        label: 'Everyday physics',
        items: [
          item(1, option('the sky is', ' red'), option('the sky is', ' blue .')),
          item(0, option('the sea is', ' blue'), option('the sea is', ' ')),
        ],
      },
      {
        task: 'lambada',
        id: 'lambada',
        label: 'Last words',
        items: [item(0, option('the colour of the sky is', ' blue'))],
      },
    ],
  });

  it('ask each option of each document, and know the right one', () => {
    const { probes, relations } = makeProbes(suite, 'given', decoder);
    expect(relations.map(({ id, label, task, probes: of }) => [id, label, task, of])).toEqual([
      ['piqa', 'Everyday physics', 'piqa', 1],
      ['lambada', 'Last words', 'lambada', 1],
    ]);
    expect(probes[0]).toMatchObject({
      relation: 0,
      kind: 'choice',
      right: 1,
      prompt: 'the sky is',
      gold: ['red', 'blue .'],
      lengths: [3, 6],
      frequency: null,
    });
    expect(probes[0].rows).toEqual([
      [{ ids: tokens('the sky is'), target: null, picks: [{ at: 2, gold: tokens('red') }] }],
      [
        {
          ids: tokens('the sky is blue'),
          target: null,
          picks: [
            { at: 2, gold: tokens('blue') },
            { at: 3, gold: tokens('.') },
          ],
        },
      ],
    ]);
  });

  it('are as facts where the model must write the continuation by itself', () => {
    const { probes } = makeProbes(suite, 'given', decoder);
    expect(tasks.lambada.scoring).toBe('greedy');
    expect(probes[1]).toMatchObject({ relation: 1, kind: 'fact', right: 0, gold: ['blue'], lengths: null });
  });

  it('leave a document out of which an option cannot be asked', () => {
    expect(makeProbes(suite, 'given', decoder).skipped).toEqual([{ reason: 'an option without any word', count: 1 }]);
    const short = makeProbes(suite, 'given', asked('encoder', 5));
    expect(short.relations.map(({ id }) => id)).toEqual(['piqa']);
    expect(short.skipped).toContainEqual({ reason: 'longer than the model reads (more than 5 tokens)', count: 1 });
  });

  it('give samples with about as many of each answer, though these take turns in the file', () => {
    const turns = Array.from({ length: 300 }, (_, at) =>
      item(at % 2, option('the sky is', ' red'), option('the sky is', ' blue')),
    );
    const tasks = [{ task: 'piqa' as const, id: 'piqa', label: 'x', items: turns }];
    const { probes, order } = makeProbes(taskSuite({ title: 'a', licence: 'b', tasks }), 'given', decoder);
    for (const sample of [40, 96, 192]) {
      const first = order
        .subarray(0, sample)
        .reduce((sum, probe) => sum + (probes[probe] as { right: number }).right, 0);
      expect(Math.abs(first / sample - 0.5)).toBeLessThan(0.13);
    }
  });

  it('shorten a long context where they are named', () => {
    const long = 'the sky is '.repeat(10);
    const named = taskSuite({
      title: 'a',
      licence: 'b',
      tasks: [
        { task: 'boolq', id: 'boolq', label: 'x', items: [item(0, option(long, ' red'), option(long, ' blue'))] },
      ],
    });
    const [{ subject, prompt }] = makeProbes(named, 'given', decoder).probes;
    expect(prompt).toBe(long);
    expect(subject).toBe(`${long.slice(0, 59)}…`);
  });
});

describe('isTemplate', () => {
  it('knows the wordings and nothing else', () => {
    expect(wordingIds).toEqual(['seen', 'paraphrase', 'held-out', 'given']);
    expect(wordingIds.every(isWording)).toBe(true);
    expect(['', 'probe', 'train', null, 0].some(isWording)).toBe(false);
  });
});
