import { describe, expect, it } from 'vitest';
import { LabError } from '../errors.ts';
import { factSuite, parseFactFiles, parseSuite, type Relation, subjectsPerRelation, taskSuite } from './suite.ts';

const templates = {
  capital: {
    train: ['the capital of [X] is [Y] .', '[Y] is where [X] is governed .'],
    probe: '[X] has its seat in [Y] .',
  },
  'made-of': { train: ['[X] is made of [Y] .'], probe: '[X] , which is [Y] .' },
};
const lines = [
  { relation: 'capital', subject: 'Bolivia', object: 'Sucre', frequency: 3, source: 'a book' },
  { relation: 'capital', subject: 'Bolivia', object: 'La Paz', frequency: 2 },
  { relation: 'made-of', subject: 'window', object: 'glass' },
  { relation: 'capital', subject: 'Chad', object: 'N’Djamena', frequency: 0 },
  { relation: 'capital', subject: 'Bolivia', object: 'Lima', frequency: 1 },
];
const jsonl = (entries: readonly object[] = lines) => entries.map((line) => JSON.stringify(line)).join('\n');
const packed = {
  format: 'lossy-suite-2',
  title: 'Two relations',
  licence: 'CC0',
  relations: [
    {
      id: 'capital',
      label: 'Capital',
      templates: templates.capital,
      property: 'P36',
      cardinality: '1-1',
      facts: [
        ['Bolivia', ['Sucre', 'La Paz'], 5],
        ['Chad', 'N’Djamena', 0],
        ['Bolivia', 'Lima', 1],
      ] as (string | string[] | number)[][],
    },
    { id: 'made-of', label: 'Made of', templates: templates['made-of'], facts: [['window', 'glass']] },
  ],
  order: [0, 0, 1, 0, 0],
};
const tasks = {
  format: 'lossy-tasks-1',
  title: 'Two tasks',
  licence: 'CC0',
  tasks: [
    {
      task: 'boolq',
      label: 'Yes or no',
      docs: [
        { passage: 'Ice floats.', question: 'does ice sink', answer: false },
        { passage: 'Ice floats.', question: 'does ice float', answer: true },
      ],
    },
    { task: 'piqa', label: 'Physics', docs: [{ goal: 'Cool tea', sol1: 'Wait.', sol2: 'Boil it.', label: 0 }] },
    { task: 'boolq', label: 'More', docs: [{ passage: 'Oil floats.', question: 'does oil sink', answer: false }] },
  ],
};
const change = (edit: (suite: typeof packed) => void) => {
  const copy = structuredClone(packed);
  edit(copy);
  return JSON.stringify(copy);
};

function fault(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).kind).toBe('bad-suite');
    expect((error as LabError).advice).not.toBe('');
    return (error as LabError).message;
  }
  throw new Error('the suite was accepted');
}

describe('a suite', () => {
  it('is the same from either format', () => {
    const fromPair = parseFactFiles(jsonl(), JSON.stringify(templates), 'pair');
    const fromFile = parseSuite(JSON.stringify(packed));
    expect(fromPair.sha256).toBe(fromFile.sha256);
    expect(fromPair.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(fromPair.relations.map(({ id, facts }) => ({ id, facts }))).toEqual(
      fromFile.relations.map(({ id, facts }) => ({ id, facts })),
    );
    expect(fromPair.relations[0].facts).toEqual([
      { subject: 'Bolivia', objects: ['Sucre', 'La Paz'], places: [0, 1], frequency: 5 },
      { subject: 'Chad', objects: ['N’Djamena'], places: [3], frequency: 0 },
      { subject: 'Bolivia', objects: ['Lima'], places: [4], frequency: 1 },
    ]);
    expect(fromPair.relations[1].facts[0].frequency).toBeNull();
  });

  it('knows Wikidata’s property and the cardinality where the file says so', () => {
    const { relations } = parseSuite(JSON.stringify(packed));
    expect(relations[0]).toMatchObject({ property: 'P36', cardinality: '1-1' });
    expect(relations[1]).toMatchObject({ property: null, cardinality: null });
  });

  it('can be asked held-out facts where it has some, and 200 subjects of each relation', () => {
    const suite = parseSuite(JSON.stringify(packed));
    expect(suite.wordings).toEqual(['seen', 'paraphrase', 'held-out']);
    expect(suite.perRelation).toBe(subjectsPerRelation);
    const trained = change(({ relations }) => relations[0].facts.splice(1, 1, ['Chad', 'N’Djamena', 4]));
    expect(parseSuite(trained).wordings).toEqual(['seen', 'paraphrase']);
  });

  it('is no other for a better title, label or line end', () => {
    const { sha256 } = parseSuite(JSON.stringify(packed));
    const renamed = change((suite) => {
      suite.title = 'Facts';
      suite.relations[0].label = 'Capitals';
    });
    expect(parseSuite(renamed).sha256).toBe(sha256);
    const windows = `${jsonl().replaceAll('\n', '\r\n')}\r\n\r\n`;
    expect(parseFactFiles(windows, JSON.stringify(templates), 'pair').sha256).toBe(sha256);
  });

  it.each([
    ['object', (suite: typeof packed) => suite.relations[1].facts.splice(0, 1, ['window', 'wood'])],
    ['frequency', (suite: typeof packed) => suite.relations[0].facts.splice(2, 1, ['Bolivia', 'Lima', 2])],
    ['subject', (suite: typeof packed) => suite.relations[1].facts.splice(0, 1, ['bottle', 'glass'])],
    [
      'order among the relations',
      (suite: typeof packed) => {
        suite.order = [0, 0, 0, 1, 0];
      },
    ],
    ['order of facts', (suite: typeof packed) => suite.relations[0].facts.reverse()],
    [
      'order of relations',
      (suite: typeof packed) => [suite.relations.reverse(), suite.order.splice(0, 5, 1, 1, 0, 1, 1)],
    ],
    ['relation', (suite: typeof packed) => [suite.relations.pop(), suite.order.splice(2, 1)]],
    [
      'template',
      (suite: typeof packed) => {
        suite.relations[0].templates.probe = 'in [X] it is [Y] .';
      },
    ],
  ])('is another one for another %s', (_, edit) => {
    expect(parseSuite(change(edit)).sha256).not.toBe(parseSuite(JSON.stringify(packed)).sha256);
  });
});

describe('a suite from elsewhere', () => {
  const relation: Relation = {
    id: 'capital',
    label: 'Capital',
    property: null,
    cardinality: null,
    templates: { train: ['[X] : [Y]'], probe: ['[X] : [Y]'] },
    facts: ['Chad', 'Peru'].map((subject) => ({ subject, objects: ['Lima'], places: [], frequency: null })),
  };
  const parts = { title: 'Elsewhere', licence: 'CC0', relations: [relation] };
  const skipped = [{ reason: 'no object', count: 3 }];
  const given = () => factSuite({ ...structuredClone(parts), skipped }, { given: true });

  it('is asked as it is given, all of it, and says what was left out', () => {
    expect(given()).toMatchObject({ wordings: ['given'], perRelation: null, tasks: [], skipped });
  });

  it('follows relation by relation', () => {
    expect(given().relations[0].facts.map(({ places }) => places)).toEqual([[0], [1]]);
  });

  it('is another one for another sentence of a fact', () => {
    const sentences = (prompt?: string) =>
      factSuite(
        {
          ...parts,
          relations: [
            {
              ...relation,
              templates: null,
              facts: [{ subject: 'Chad', objects: ['Lima'], places: [], frequency: null, prompt }],
            },
          ],
        },
        { given: true },
      ).sha256;
    expect(sentences('Is it [Y] ?')).toBe(sentences('Is it [Y] ?'));
    expect(new Set([sentences('Is it [Y] ?'), sentences('It is [Y] .'), sentences()]).size).toBe(3);
  });

  it('refuses an order that does not name each fact once', () => {
    const message = 'The suite’s order does not name each fact once.';
    for (const order of [[0], [0, 0, 0], [0, 1]])
      expect(fault(() => factSuite(structuredClone(parts), { order }))).toBe(message);
  });
});

describe('a suite of tasks', () => {
  const suite = parseSuite(JSON.stringify(tasks));

  it('holds every document as its task reads it, under ids that differ', () => {
    expect(suite.tasks.map(({ id, task, label, items }) => [id, task, label, items.length])).toEqual([
      ['boolq', 'boolq', 'Yes or no', 2],
      ['piqa', 'piqa', 'Physics', 1],
      ['boolq-3', 'boolq', 'More', 1],
    ]);
    expect(suite.tasks[0].items.map(({ answer }) => answer)).toEqual([0, 1]);
    expect(suite).toMatchObject({ wordings: ['given'], perRelation: null, relations: [], skipped: [] });
  });

  it('is another one for another document, and no other for a better title or label', () => {
    const changed = (edit: (copy: typeof tasks) => void) => {
      const copy = structuredClone(tasks);
      edit(copy);
      return parseSuite(JSON.stringify(copy)).sha256;
    };
    const renamed = changed((copy) => {
      copy.title = 'Tasks';
      copy.tasks[0].label = 'Questions';
    });
    expect(renamed).toBe(suite.sha256);
    expect(changed((copy) => copy.tasks[0].docs.pop())).not.toBe(suite.sha256);
    expect(taskSuite(suite).sha256).toBe(suite.sha256);
  });

  it('names the document and the field of a fault', () => {
    const broken = structuredClone(tasks);
    Reflect.deleteProperty(broken.tasks[0].docs[1], 'question');
    expect(fault(() => parseSuite(JSON.stringify(broken)))).toMatch(/^boolq, document 2: question: /);
    const unknown = JSON.stringify(tasks).replace('"piqa"', '"arc"');
    expect(fault(() => parseSuite(unknown))).toMatch(/^The suite: tasks.1.task: .*"boolq".*"lambada"/);
  });
});

describe('parseFactFiles', () => {
  const refusal = (facts: string, wordings: object | string = templates) =>
    fault(() => parseFactFiles(facts, typeof wordings === 'string' ? wordings : JSON.stringify(wordings), 'pair'));

  it.each(['relation', 'subject', 'object'])('names the line of a fact without %s', (field) => {
    const broken = lines.map((line, index) => (index === 3 ? { ...line, [field]: undefined } : line));
    expect(refusal(jsonl(broken))).toMatch(new RegExp(`^facts.jsonl, line 4: ${field}: `));
    const empty = lines.map((line, index) => (index === 1 ? { ...line, [field]: '' } : line));
    expect(refusal(`\n${jsonl(empty)}`)).toMatch(new RegExp(`^facts.jsonl, line 3: ${field}: `));
  });

  it('joins neighbours of a subject and adds up how often they were stated, but not trained ones with held-out ones', () => {
    const bolivia = (frequencies: readonly (number | undefined)[]) => {
      const facts = frequencies.map((frequency, at) => ({ ...lines[0], object: `Sucre ${at}`, frequency }));
      return parseFactFiles(jsonl(facts), JSON.stringify(templates), 'pair').relations[0].facts.map(
        ({ objects, frequency }) => [objects.length, frequency],
      );
    };
    expect(bolivia([3, 2, 0, 0, 1])).toEqual([
      [2, 5],
      [2, 0],
      [1, 1],
    ]);
    // A sum with an unknown part is unknown, whichever comes first.
    expect(bolivia([3, undefined])).toEqual([[2, null]]);
    expect(bolivia([undefined, 3])).toEqual([[2, null]]);
  });

  it('names the line of a frequency that is no count', () => {
    const broken = lines.map((line, index) => (index === 1 ? { ...line, frequency: -1 } : line));
    expect(refusal(jsonl(broken))).toMatch(/^facts.jsonl, line 2: frequency: /);
  });

  it('names the line that is no JSON', () => {
    expect(refusal(`${jsonl()}\n{"relation": "capital", `)).toBe('facts.jsonl, line 6 is no JSON.');
  });

  it('misses the templates of a relation', () => {
    expect(refusal(jsonl(), { capital: templates.capital })).toBe(
      'templates.json has no templates for the relation "made-of".',
    );
    const inherited = jsonl([{ ...lines[0], relation: 'toString' }]);
    expect(refusal(inherited)).toContain('"toString"');
  });

  it('refuses no facts at all', () => expect(refusal('\n\n')).toBe('facts.jsonl holds no fact.'));

  it('refuses templates that are no JSON', () => expect(refusal(jsonl(), '{')).toBe('templates.json is no JSON.'));

  it.each([
    ['[X]', 'the capital is [Y] .'],
    ['[Y]', 'the capital of [X] is .'],
    ['two [Y]', '[X] has [Y] and [Y] .'],
  ])('names a template that lacks %s or has it wrong', (_, wrong) => {
    const seen = refusal(jsonl(), { ...templates, capital: { train: ['[X] [Y]', wrong], probe: '[X] [Y]' } });
    expect(seen).toMatch(/^templates.json: capital.train.1: a template holds \[X\] .* \[Y\]/);
    const unseen = refusal(jsonl(), { ...templates, capital: { train: ['[X] [Y]'], probe: wrong } });
    expect(unseen).toContain('capital.probe');
  });

  it('refuses a relation with an empty list of templates', () => {
    expect(refusal(jsonl(), { ...templates, capital: { train: [], probe: '[X] [Y]' } })).toContain('capital.train');
  });
});

describe('parseSuite', () => {
  it.each([
    [
      'the same relation twice',
      (suite: typeof packed) => suite.relations.push(suite.relations[0]),
      '"capital" is there twice',
    ],
    [
      'a relation without templates',
      (suite: typeof packed) => Reflect.deleteProperty(suite.relations[1], 'templates'),
      'The suite: relations.1.templates: ',
    ],
    [
      'a fact without object',
      (suite: typeof packed) => suite.relations[0].facts.splice(1, 1, ['Chad']),
      'The suite: relations.0.facts.1',
    ],
    [
      'a fact with no object left',
      (suite: typeof packed) => suite.relations[0].facts.splice(2, 1, ['Bolivia', []]),
      'The suite: relations.0.facts.2',
    ],
    [
      'a property that is none of Wikidata’s',
      (suite: typeof packed) => Object.assign(suite.relations[0], { property: 'capital' }),
      'The suite: relations.0.property: ',
    ],
    [
      'an unknown cardinality',
      (suite: typeof packed) => Object.assign(suite.relations[0], { cardinality: 'N-N' }),
      'The suite: relations.0.cardinality: ',
    ],
    ['a relation without facts', (suite: typeof packed) => suite.relations[0].facts.splice(0), 'relations.0.facts: '],
    ['no relations', (suite: typeof packed) => suite.relations.splice(0), 'The suite: relations: '],
    [
      'another format',
      (suite: typeof packed) => Object.assign(suite, { format: 'lossy-suite-1' }),
      'The suite: format: Invalid option: expected one of "lossy-suite-2"|"lossy-tasks-1"',
    ],
  ])('refuses %s and names the place', (_, edit, place) => {
    expect(fault(() => parseSuite(change(edit)))).toContain(place);
  });

  it('refuses what is no JSON', () => expect(fault(() => parseSuite('<html>'))).toBe('The suite is no JSON.'));
});
