import { describe, expect, it } from 'vitest';
import { makeFile, refusal } from '../../test/import-files.ts';
import { importSuite } from './index.ts';

// Records of LAMA's shape, made up: LAMA's own text may not be copied.
const relations = [
  { relation: 'P36', template: 'The capital of [X] is [Y] .', label: 'capital', description: 'its seat', type: '1-1' },
  { relation: 'P103', template: ' [X] grew up with [Y] . ', label: 'native language', type: 'N-1' },
  { relation: 'P999', template: '[X] and [Y] .' },
];
const trex = (predicate_id: string, sub_label: unknown, obj_label: unknown) => ({
  uuid: 'u',
  obj_uri: 'Q1',
  obj_label,
  sub_uri: 'Q2',
  sub_label,
  predicate_id,
  evidences: [{ sub_surface: 's', obj_surface: 'o', masked_sentence: 'It is [MASK] .' }],
});
const votes = (...judgments: string[]) => judgments.map((judgment, rater) => ({ rater: String(rater), judgment }));
const google = (pred: string, sub_label: unknown, obj_label: unknown, judgments = votes('yes', 'yes', 'no')) => ({
  pred: `/people/${pred}`,
  sub: '/m/1',
  obj: '/m/2',
  evidences: [],
  judgments,
  sub_w: null,
  sub_label,
  sub_aliases: [],
  obj_w: null,
  obj_label,
  obj_aliases: [],
  uuid: 'u',
  masked_sentences: ['One sentence .', 'Another with [MASK] and [MASK] .'],
});
const squad = (sentence: string, obj_label: unknown = 'salt') => ({
  masked_sentences: [sentence],
  obj_label,
  id: '1_0',
  sub_label: 'Squad',
});
const capitals = [trex('P36', 'Peru', 'Lima'), trex('P36', 'Chad', 'N’Djamena')];
const all = [
  makeFile('data/relations.jsonl', relations),
  makeFile('data/TREx/P103.jsonl', [trex('P103', 'Ada', 'English')]),
  makeFile('data/TREx/P36.jsonl', capitals),
  makeFile('data/Google_RE/date_of_birth_test.jsonl', [google('person/date_of_birth', 'Ada', '1815')]),
  makeFile('data/Squad/test.jsonl', [squad('Water with [MASK] freezes later.')]),
  makeFile('data/ConceptNet/test.jsonl', [
    { ...squad('A pan is made of [MASK].', 'iron'), sub: 'pan', obj: 'iron', pred: 'MadeOf', sub_label: 'pan' },
    { ...squad('A cook can [MASK].', 'boil'), sub: 'cook', obj: 'boil', pred: 'CapableOf', sub_label: 'cook' },
  ]),
];
const read = (files: Parameters<typeof importSuite>[0], commonVocabulary?: string) =>
  importSuite(files, { name: 'LAMA', commonVocabulary });
/** Facts and what was left out, of SQuAD alone. */
const sentences = async (...records: object[]) => {
  const { relations, skipped } = await read([makeFile('test.jsonl', [squad('Kept [MASK].'), ...records])]);
  return { kept: relations[0].facts.length - 1, skipped };
};

describe('LAMA', () => {
  it('becomes one suite, asked as given: T-REx in the order of relations.jsonl, then the others by path', async () => {
    const suite = await read(all);
    expect(suite).toMatchObject({ title: 'LAMA', wordings: ['given'], perRelation: null, tasks: [], skipped: [] });
    expect(suite.licence).toContain('CC BY-NC 4.0');
    expect(suite.relations.map(({ facts, ...relation }) => relation)).toEqual([
      relation('P36', 'capital', 'P36', '1-1', 'The capital of [X] is [Y] .'),
      relation('P103', 'native language', 'P103', 'N-1', '[X] grew up with [Y] .'),
      relation('conceptnet', 'ConceptNet', null, null, null),
      relation('date_of_birth', 'date of birth (Google-RE)', 'P569', null, '[X] (born [Y]).'),
      relation('squad', 'SQuAD', null, null, null),
    ]);
  });

  it('does not depend on the order in which files are given', async () => {
    expect((await read(all.toReversed())).sha256).toBe((await read(all)).sha256);
  });

  it('asks each fact by itself, objects as they are written', async () => {
    const { relations } = await read([all[0], makeFile('P36.jsonl', [...capitals, trex('P36', 'Peru', 'Cusco')])]);
    expect(relations[0].facts).toEqual([
      { subject: 'Peru', objects: ['Lima'], places: [0], frequency: null },
      { subject: 'Chad', objects: ['N’Djamena'], places: [1], frequency: null },
      { subject: 'Peru', objects: ['Cusco'], places: [2], frequency: null },
    ]);
  });

  it('asks ConceptNet and SQuAD with the sentence of each record', async () => {
    const { relations } = await read(all.slice(4));
    expect(
      relations.map(({ facts }) => facts.map(({ subject, objects, prompt }) => [subject, objects[0], prompt])),
    ).toEqual([
      [
        ['pan', 'iron', 'A pan is made of [Y].'],
        ['cook', 'boil', 'A cook can [Y].'],
      ],
      [['Squad', 'salt', 'Water with [Y] freezes later.']],
    ]);
  });

  it('knows all three predicates of Google-RE', async () => {
    const predicates = ['person/place_of_birth', 'deceased_person/place_of_death', 'person/date_of_birth'];
    const files = predicates.map((pred, at) => makeFile(`${at}.jsonl`, [google(pred, 'Ada', 'London')]));
    expect(
      (await read(files)).relations.map(({ id, property, templates }) => [id, property, templates?.probe]),
    ).toEqual([
      ['place_of_birth', 'P19', ['[X] was born in [Y] .']],
      ['place_of_death', 'P20', ['[X] died in [Y] .']],
      ['date_of_birth', 'P569', ['[X] (born [Y]).']],
    ]);
  });

  it('needs no more of relations.jsonl than the template', async () => {
    const { relations } = await read([all[0], makeFile('P999.jsonl', [trex('P999', 'a', 'b')])]);
    expect(relations[0]).toMatchObject({ id: 'P999', label: 'P999', cardinality: null });
  });
});

describe('LAMA’s filters', () => {
  it('(a) leave out what has no subject or no object', async () => {
    const { obj_label: _, ...without } = squad('It is [MASK].');
    expect(
      await sentences(without, squad('It is [MASK].', null), { ...squad('It is [MASK].'), sub_label: ' ' }),
    ).toEqual({
      kept: 0,
      skipped: [
        { reason: 'no object', count: 2 },
        { reason: 'no subject', count: 1 },
      ],
    });
  });

  it('(a) leave out records of ConceptNet without sub_label, unless the whole file has none', async () => {
    const { sub_label: _, ...record } = { ...squad('It is [MASK].'), sub: 'sea', pred: 'HasA' };
    const mixed = await read([makeFile('test.jsonl', [record, { ...record, sub_label: 'lake' }])]);
    expect(mixed.relations[0].facts.map(({ subject }) => subject)).toEqual(['lake']);
    expect(mixed.skipped).toEqual([{ reason: 'no subject', count: 1 }]);
    const other = await read([makeFile('test.jsonl', [record])]);
    expect(other.relations[0].facts.map(({ subject }) => subject)).toEqual(['sea']);
  });

  it('(b) leave out sentences of more than 100 words', async () => {
    const words = (count: number) => squad(`${'word '.repeat(count - 1)} [MASK]`);
    expect(await sentences(words(100), words(101))).toEqual({
      kept: 1,
      skipped: [{ reason: 'the sentence has more than 100 words', count: 1 }],
    });
  });

  it('(b) do not look at sentences where there is a template', async () => {
    const record = { ...google('person/date_of_birth', 'Ada', '1815'), masked_sentences: ['word '.repeat(101)] };
    expect((await read([makeFile('a.jsonl', [record])])).skipped).toEqual([]);
  });

  it('(c) leave out objects with a part outside the common vocabulary, if that is given', async () => {
    const places = ['Lima', 'New York', 'New Lima', 'lima', 'New  Lima'].map((object, at) =>
      trex('P36', `Land ${at}`, object),
    );
    const files = [all[0], makeFile('P36.jsonl', places)];
    const { relations, skipped } = await read(files, 'Lima\r\nNew\r\nthe\r\n');
    expect(relations[0].facts.map(({ objects }) => objects[0])).toEqual(['Lima', 'New Lima']);
    expect(skipped).toEqual([{ reason: 'the object is not in the common vocabulary', count: 3 }]);
    expect((await read(files)).relations[0].facts).toHaveLength(5);
  });

  it('(e) leave out what more raters refused than granted; a tie stays', async () => {
    const facts = [votes('yes', 'no'), votes('yes', 'no', 'skip'), votes('yes', 'yes', 'no')].map((judgments, at) =>
      google('person/place_of_birth', `Ada ${at}`, 'London', judgments),
    );
    const { relations, skipped } = await read([makeFile('place.jsonl', facts)]);
    expect(relations[0].facts.map(({ subject }) => subject)).toEqual(['Ada 0', 'Ada 2']);
    expect(skipped).toEqual([{ reason: 'Google-RE: more raters said no than yes', count: 1 }]);
  });

  it('(f) leave out the same subject and object again, of the records that are left', async () => {
    const refused = google('person/place_of_birth', 'Ada', 'London', votes('no'));
    const granted = google('person/place_of_birth', 'Ada', 'London');
    const { relations, skipped } = await read([makeFile('place.jsonl', [refused, granted, granted])]);
    expect(relations[0].facts).toHaveLength(1);
    expect(skipped).toEqual([
      { reason: 'Google-RE: more raters said no than yes', count: 1 },
      { reason: 'the same subject and object again', count: 1 },
    ]);
  });

  it('(f) keep the same sentence twice, as LAMA does', async () => {
    expect(await sentences(squad('Salt [MASK].'), squad('Salt [MASK].'))).toEqual({ kept: 2, skipped: [] });
  });

  it('are followed by ours: a sentence has one blank', async () => {
    const several = { ...squad(''), masked_sentences: ['First .', 'Then [MASK] .'] };
    expect(await sentences(squad('[MASK] and [MASK].'), squad('None.'), several)).toEqual({
      kept: 1,
      skipped: [
        { reason: 'the sentence has 2 blanks', count: 1 },
        { reason: 'the sentence has 0 blanks', count: 1 },
      ],
    });
  });
});

describe('LAMA is refused', () => {
  it('where T-REx lacks its templates', async () => {
    expect(await refusal([makeFile('P36.jsonl', capitals)])).toBe(
      'P36.jsonl holds facts of T-REx. Their templates are in relations.jsonl, which is missing.',
    );
  });

  it('where nothing is left, with the reasons', async () => {
    expect(await refusal([makeFile('test.jsonl', [squad('None.')])])).toBe(
      'LAMA’s files leave no fact to ask: the sentence has 0 blanks (1).',
    );
    expect(await refusal([all[0]])).toContain('relations.jsonl holds templates alone');
    expect(await refusal([all[0], makeFile('P1.jsonl', [trex('P1', 'a', 'b')])])).toContain(
      'relations.jsonl has no template for P1 (1)',
    );
  });

  it('where two files hold the same relation', async () => {
    expect(await refusal([...all, makeFile('old/P36.jsonl', capitals)])).toBe(
      'data/TREx/P36.jsonl and old/P36.jsonl hold facts of the same relation, P36.',
    );
    expect(await refusal([makeFile('relations.jsonl', [...relations, relations[0]])])).toBe(
      'relations.jsonl, line 4: P36 is there twice.',
    );
  });

  it.each([
    ['another predicate', google('person/height', 'Ada', 'tall'), /pred: .*place_of_death/],
    ['a label that is no text', google('person/date_of_birth', 'Ada', 1815), /obj_label: .*string/],
    ['judgments of another shape', google('person/date_of_birth', 'Ada', '1815', ['no'] as never), /judgments.0: /],
  ])('where a line has %s', async (_, record, message) => {
    const file = makeFile('birth.jsonl', [google('person/date_of_birth', 'Eve', '1900'), record]);
    expect(await refusal([file])).toMatch(new RegExp(`^birth.jsonl, line 2: ${message.source}`));
  });

  it.each(['[X] is .', '[X] , [Y] , [Y] .', 'It is [Y] .'])('where a template is %j', async (template) => {
    expect(await refusal([makeFile('relations.jsonl', [relations[0], { relation: 'P1', template }])])).toBe(
      'relations.jsonl, line 2: template: must hold [X] at least once and [Y] exactly once.',
    );
  });
});

function relation(
  id: string,
  label: string,
  property: string | null,
  cardinality: string | null,
  template: string | null,
) {
  return { id, label, property, cardinality, templates: template && { train: [template], probe: [template] } };
}
