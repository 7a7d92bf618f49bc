import { describe, expect, it } from 'vitest';
import { LabError } from '../../errors.ts';
import { makeFile, refusal } from '../../test/import-files.ts';
import { factSuite, parseFactFiles, parseSuite } from '../suite.ts';
import type { MakeImporter } from './importer.ts';
import { type ImportFile, importers, importSuite } from './index.ts';

const templates = { capital: { train: ['[X] : [Y]'], probe: '[X] , [Y]' } };
const facts = [{ relation: 'capital', subject: 'Peru', object: 'Lima' }];
const packed = {
  format: 'lossy-suite-2',
  title: 'Capitals',
  licence: 'CC0',
  relations: [{ id: 'capital', label: 'Capital', templates: templates.capital, facts: [['Peru', 'Lima']] }],
};
const suiteFile = makeFile('suite.json', JSON.stringify(packed, null, 2));
const pair = [makeFile('my/facts.jsonl', facts), makeFile('my/templates.json', JSON.stringify(templates, null, 2))];
const boolq = makeFile('boolq.jsonl', [{ passage: 'Ice floats.', question: 'does ice sink', answer: false }]);
const squad = makeFile('Squad/test.jsonl', [
  { masked_sentences: ['Water with [MASK] freezes later.'], obj_label: 'salt', id: '1', sub_label: 'Squad' },
]);
const read = (...files: ImportFile[]) => importSuite(files, { name: 'mine' });

describe('importSuite takes the lab’s own suites', () => {
  it('from suite.json, whatever lies beside it', async () => {
    const suite = await read(makeFile('LICENSE', 'CC0'), makeFile('model.onnx', '\0'), suiteFile);
    expect(suite).toEqual(parseSuite(JSON.stringify(packed)));
  });

  it('from a single file of another name', async () => {
    expect((await read(makeFile('capitals.json', JSON.stringify(packed)))).title).toBe('Capitals');
  });

  it('from facts.jsonl and templates.json of one folder', async () => {
    const suite = await read(makeFile('my/config.json', '{}'), ...pair);
    expect(suite).toEqual(parseFactFiles(JSON.stringify(facts[0]), JSON.stringify(templates), 'mine'));
  });

  it('but not several at once', async () => {
    const other = makeFile('old/suite.json', JSON.stringify(packed));
    expect(await refusal([suiteFile, other])).toBe('mine holds several suites: old/suite.json, suite.json.');
    const copy = pair.map(({ path, text }) => ({ path: `copy/${path}`, text }));
    expect(await refusal([...pair, ...copy])).toBe('mine holds several suites: copy/my/facts.jsonl, my/facts.jsonl.');
  });

  it('and says what facts without templates need', async () => {
    expect(await refusal([pair[0]])).toContain(
      'my/facts.jsonl holds facts of the lab’s own form, which need templates',
    );
    const apart = makeFile('other/templates.json', '{}');
    expect(await refusal([pair[0], apart])).toContain('which need templates');
  });
});

describe('importSuite refuses', () => {
  it('what is no JSON', async () => {
    expect(await refusal([makeFile('facts.txt', 'Lima is the capital of Peru.')])).toBe(
      'facts.txt, line 1 is no JSON.',
    );
    expect(await refusal([makeFile('broken.json', '{"format": ')])).toBe('broken.json, line 1 is no JSON.');
  });

  it('JSON of another shape, and lists what it knows', async () => {
    expect(await refusal([makeFile('x.jsonl', [{ a: 1, b: 2, c: 3 }])])).toBe(
      'x.jsonl, line 1: has the fields a, b, c: this is no file of LAMA (T-REx, Google-RE, ConceptNet, SQuAD) or of a harness task that the lab knows (BoolQ, PIQA, WinoGrande, HellaSwag, LAMBADA).',
    );
    expect(await refusal([makeFile('x.json', '[1, 2]')])).toBe('x.json, line 1 is no JSON object.');
  });

  it('a bad line within a good file', async () => {
    const lines = `${await boolq.text()}\n{"passage": \n${await boolq.text()}`;
    expect(await refusal([makeFile('boolq.jsonl', lines)])).toBe('boolq.jsonl, line 2 is no JSON.');
  });

  it('a file that is not known among others that are', async () => {
    expect(await refusal([boolq, makeFile('boolq/notes.txt', 'ask again')])).toBe(
      'boolq/notes.txt, line 1 is no JSON.',
    );
  });

  it('nothing at all', async () => {
    expect(await refusal([])).toBe('mine holds no file of facts or tasks.');
    expect(await refusal([makeFile('README.md', 'hello')])).toBe('mine holds no file of facts or tasks.');
    expect(await refusal([makeFile('empty.jsonl', '\n \n')])).toBe('empty.jsonl is empty.');
  });

  it('facts and tasks together', async () => {
    expect(await refusal([boolq, squad])).toBe('mine holds both facts of LAMA and tasks.');
  });
});

describe('importSuite', () => {
  it('passes over documentation and hidden files', async () => {
    const beside = ['README.md', 'LICENSE', 'a/.DS_Store', '__MACOSX/boolq.jsonl'].map((path) => makeFile(path, 'x'));
    expect((await read(boolq, ...beside)).tasks).toHaveLength(1);
  });

  it('takes lines with a byte order mark and Windows ends', async () => {
    const text = `\uFEFF${await boolq.text()}\r\n${await boolq.text()}\r\n`;
    expect((await read(makeFile('boolq.jsonl', text))).tasks[0].items).toHaveLength(2);
  });

  it('stops between two files', async () => {
    const controller = new AbortController();
    let reads = 0;
    const watched = ['a', 'b', 'c'].map((name) => ({
      path: `${name}.jsonl`,
      text: () => {
        reads++;
        // As a message of the page would come: in a later turn.
        setTimeout(() => controller.abort(), 0);
        return boolq.text();
      },
    }));
    const stopped = importSuite(watched, { name: 'mine', signal: controller.signal });
    await expect(stopped).rejects.toBeInstanceOf(LabError);
    await expect(stopped).rejects.toMatchObject({ kind: 'cancelled' });
    expect(reads).toBe(1);
  });
});

describe('an importer that is added to the registry', () => {
  /** Tab-separated capitals, which no other importer takes. */
  const table: MakeImporter = ({ name }) => {
    const facts: [string, string][] = [];
    return {
      id: 'table',
      label: 'tables',
      known: 'a table (.tsv)',
      recognises: ({ path, fields }) => path.endsWith('.tsv') || fields.includes('passage'),
      add({ text }) {
        for (const line of text.split('\n')) facts.push(line.split('\t') as [string, string]);
      },
      finish: () =>
        factSuite({
          title: name,
          licence: 'CC0',
          relations: [
            {
              id: 'capital',
              label: 'Capital',
              property: null,
              cardinality: null,
              templates: { train: ['[X] : [Y]'], probe: ['[X] , [Y]'] },
              facts: facts.map(([subject, object]) => ({ subject, objects: [object], places: [], frequency: null })),
            },
          ],
        }),
    };
  };
  const registry = [...importers, table];
  const readWith = (...files: ImportFile[]) => importSuite(files, { name: 'mine' }, registry);
  const message = (...files: ImportFile[]) =>
    readWith(...files).then(
      () => 'accepted',
      (error: LabError) => error.message,
    );
  const capitals = makeFile('capitals.tsv', 'Peru\tLima\nFrance\tParis');

  it('reads its files; the others read theirs', async () => {
    const [{ facts }] = (await readWith(capitals)).relations;
    expect(facts.map(({ subject, objects }) => [subject, ...objects])).toEqual([
      ['Peru', 'Lima'],
      ['France', 'Paris'],
    ]);
    expect((await readWith(squad)).relations[0].id).toBe('squad');
    expect((await readWith(capitals, suiteFile)).title).toBe('Capitals');
  });

  it('is named where no importer knows a file, where two do, and where forms are mixed', async () => {
    expect(await message(makeFile('x.jsonl', [{ a: 1 }]))).toMatch(/LAMBADA\) or of a table \(\.tsv\)\.$/);
    expect(await message(boolq)).toBe('boolq.jsonl could be tasks or tables.');
    expect(await message(capitals, squad)).toBe('mine holds both facts of LAMA and tables.');
  });

  it('has an id of its own, as all others do', () => {
    const ids = registry.map((make) => make({ name: 'mine', paths: [] }).id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
