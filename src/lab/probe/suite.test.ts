import { describe, expect, it } from 'vitest';
import { LabError } from '../errors.ts';
import { parseFactFiles, parseSuite } from './suite.ts';

const templates = {
  capital: {
    train: ['the capital of [X] is [Y] .', '[Y] is where [X] is governed .'],
    probe: '[X] has its seat in [Y] .',
  },
  'made-of': { train: ['[X] is made of [Y] .'], probe: '[X] , which is [Y] .' },
};
const lines = [
  { relation: 'capital', subject: 'Bolivia', object: 'Sucre', source: 'a book' },
  { relation: 'capital', subject: 'Bolivia', object: 'La Paz' },
  { relation: 'made-of', subject: 'window', object: 'glass' },
  { relation: 'capital', subject: 'Chad', object: 'N’Djamena' },
  { relation: 'capital', subject: 'Bolivia', object: 'Lima' },
];
const jsonl = (entries: readonly object[] = lines) => entries.map((line) => JSON.stringify(line)).join('\n');
const packed = {
  format: 'lossy-suite-1',
  title: 'Two relations',
  licence: 'CC0',
  relations: [
    {
      id: 'capital',
      label: 'Capital',
      templates: templates.capital,
      facts: [
        ['Bolivia', ['Sucre', 'La Paz']],
        ['Chad', 'N’Djamena'],
        ['Bolivia', 'Lima'],
      ],
    },
    { id: 'made-of', label: 'Made of', templates: templates['made-of'], facts: [['window', 'glass']] },
  ],
  order: [0, 0, 1, 0, 0],
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
      { subject: 'Bolivia', objects: ['Sucre', 'La Paz'], places: [0, 1] },
      { subject: 'Chad', objects: ['N’Djamena'], places: [3] },
      { subject: 'Bolivia', objects: ['Lima'], places: [4] },
    ]);
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

describe('parseFactFiles', () => {
  const refusal = (facts: string, wordings: object | string = templates) =>
    fault(() => parseFactFiles(facts, typeof wordings === 'string' ? wordings : JSON.stringify(wordings), 'pair'));

  it.each(['relation', 'subject', 'object'])('names the line of a fact without %s', (field) => {
    const broken = lines.map((line, index) => (index === 3 ? { ...line, [field]: undefined } : line));
    expect(refusal(jsonl(broken))).toMatch(new RegExp(`^facts.jsonl, line 4: ${field}: `));
    const empty = lines.map((line, index) => (index === 1 ? { ...line, [field]: '' } : line));
    expect(refusal(`\n${jsonl(empty)}`)).toMatch(new RegExp(`^facts.jsonl, line 3: ${field}: `));
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
      (suite: typeof packed) => suite.relations[0].facts[1].pop(),
      'The suite: relations.0.facts.1',
    ],
    [
      'a fact with no object left',
      (suite: typeof packed) => suite.relations[0].facts.splice(2, 1, ['Bolivia', []]),
      'The suite: relations.0.facts.2.1: ',
    ],
    ['a relation without facts', (suite: typeof packed) => suite.relations[0].facts.splice(0), 'relations.0.facts: '],
    ['no relations', (suite: typeof packed) => suite.relations.splice(0), 'The suite: relations: '],
    [
      'another format',
      (suite: typeof packed) => Object.assign(suite, { format: 'lossy-suite-2' }),
      'The suite: format: ',
    ],
  ])('refuses %s and names the place', (_, edit, place) => {
    expect(fault(() => parseSuite(change(edit)))).toContain(place);
  });

  it('refuses what is no JSON', () => expect(fault(() => parseSuite('<html>'))).toBe('The suite is no JSON.'));
});
