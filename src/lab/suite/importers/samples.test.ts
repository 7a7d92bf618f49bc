import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ImportFile, importSuite } from './index.ts';

// Samples in the official formats lie beside the repository where it is developed. Their licences keep them out of it.
const shared = join(import.meta.dirname, '../../../../../shared');
const none = !existsSync(shared);

function folder(name: string): ImportFile[] {
  const root = join(shared, name);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({
      path: relative(root, path).split(sep).join('/'),
      text: async () => readFileSync(path, 'utf8'),
    }));
}

describe.skipIf(none)('official files', () => {
  it('LAMA: every record becomes a fact or is counted', async () => {
    const suite = await importSuite(folder('lama'), { name: 'LAMA' });
    expect(suite.relations.map(({ id, facts }) => [id, facts.length])).toEqual([
      ...[
        ...[
          'P19',
          'P20',
          'P413',
          'P449',
          'P138',
          'P364',
          'P463',
          'P101',
          'P106',
          'P527',
          'P176',
          'P27',
          'P407',
          'P178',
        ],
        ...['P1412', 'P108', 'P136', 'P39', 'P264', 'P937', 'P140', 'P1303', 'P127', 'P103', 'P31', 'P495', 'P159'],
        'P740',
      ].map((id) => [id, 100]),
      ['date_of_birth', 250],
      ['place_of_birth', 250],
      ['place_of_death', 249],
      ['squad', 302],
    ]);
    expect(suite.skipped).toEqual([
      { reason: 'the same subject and object again', count: 1 },
      { reason: 'the sentence has 2 blanks', count: 3 },
    ]);
    expect(suite.relations[0]).toMatchObject({
      label: 'place of birth',
      property: 'P19',
      cardinality: 'N-1',
      templates: { train: ['[X] was born in [Y] .'], probe: ['[X] was born in [Y] .'] },
    });
  });

  it.each(['Google_RE', 'Squad'])('LAMA: the folder %s by itself', async (name) => {
    const suite = await importSuite(folder(`lama/${name}`), { name });
    expect(suite.relations.map(({ id }) => id)).toEqual(
      name === 'Squad' ? ['squad'] : ['date_of_birth', 'place_of_birth', 'place_of_death'],
    );
  });

  it('the harness: all its tasks at once, in each of their shapes', async () => {
    const suite = await importSuite(folder('harness'), { name: 'harness' });
    expect(suite.tasks.map(({ id, label, items }) => [id, label, items.length])).toEqual([
      ['boolq', 'BoolQ: boolq/allennlp_fixture.jsonl', 5],
      ['boolq-2', 'BoolQ: boolq/superglue_val_string_labels.jsonl', 300],
      ['boolq-3', 'BoolQ: boolq/val_subset_no_title.jsonl', 300],
      ['hellaswag', 'HellaSwag', 300],
      ['piqa', 'PIQA', 10],
    ]);
    const answers = (id: string) => suite.tasks.find((set) => set.id === id)?.items.map(({ answer }) => answer);
    expect(answers('boolq')).toEqual([1, 0, 0, 0, 0]);
    expect(answers('piqa')).toEqual([0, 1, 1, 1, 0, 1, 1, 0, 0, 0]);
  });
});
