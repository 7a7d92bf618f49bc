import { groupBy } from '../group.ts';
import { dictEntries } from '../sources/dicts.ts';
import type { Entry } from '../sources/gcide.ts';
import type { WordNet } from '../sources/wordnet.ts';
import type { Pair, RelationSpec } from '../types.ts';

const GCIDE = { source: 'dict-gcide', licence: 'GPL-3.0-or-later' };
const FOLDOC = { source: 'dict-foldoc', licence: 'GFDL-1.1-or-later' };

const lookup = (text: string) =>
  Object.fromEntries(
    text
      .trim()
      .split(/\s*;\s*/)
      .map((pair) => pair.split(':') as [string, string]),
  );

const FIELDS =
  lookup(`Zool:zoology;Bot:botany;Chem:chemistry;Med:medicine;Anat:anatomy;Naut:sailing;Law:law;Min:mineralogy;
Biol:biology;Mus:music;Arch:architecture;Mil:war;Physiol:physiology;Math:mathematics;Physics:physics;Astron:astronomy;
Geol:geology;Mach:machinery;Geom:geometry;Her:heraldry;Mining:mining;Elec:electricity;Gram:grammar;Eccl:church;Surg:surgery;
Print:printing;Com:commerce;Computers:computing;Logic:logic;Theol:theology;Cookery:cooking;Photog:photography;Paint:painting;
Pros:prosody;Card Playing:cards;Engin:engineering;Phon:phonetics;Philos:philosophy;Myth:mythology`);
const ORIGINS =
  lookup(`L:Latin;F:French;Gr:Greek;It:Italian;Sp:Spanish;G:German;D:Dutch;Icel:Icelandic;Hind:Hindi;Ar:Arabic;
Heb:Hebrew;Skr:Sanskrit;Pg:Portuguese;Russ:Russian;Per:Persian;Turk:Turkish;Gael:Gaelic;W:Welsh;Ir:Irish;Dan:Danish;
AS:Saxon;Malay:Malay`);
const STATUS = lookup(
  'Obs:obsolete;R:rare;Colloq:colloquial;Archaic:archaic;Scot:Scottish;Slang:slang;Poetic:poetic;Prov. Eng:provincial;Cant:cant',
);
const AUTHORS =
  lookup(`Shak:Shakespeare;Milton:Milton;Dryden:Dryden;Chaucer:Chaucer;Spenser:Spenser;Pope:Pope;Addison:Addison;
Bacon:Bacon;Cowper:Cowper;Locke:Locke;Swift:Swift;Johnson:Johnson;Tennyson:Tennyson;Burke:Burke;Macaulay:Macaulay;
Byron:Byron;Longfellow:Longfellow;Wordsworth:Wordsworth;Hooker:Hooker;Thackeray:Thackeray;Dickens:Dickens;Carlyle:Carlyle;
Coleridge:Coleridge;South:South;Boyle:Boyle;Holland:Holland;Fuller:Fuller;Prior:Prior;Gay:Gay;Hawthorne:Hawthorne;
Emerson:Emerson;Sir W. Scott:Scott;Goldsmith:Goldsmith;Irving:Irving;Barrow:Barrow;Evelyn:Evelyn;Clarendon:Clarendon`);

export function gcideRelations(net: WordNet, entries: Entry[]): RelationSpec[] {
  const byWord = groupBy(entries, (entry) => entry.word.toLowerCase());
  const ranked = [...byWord.values()]
    .map((group) => ({
      word: group[0]!.word,
      bodies: group.map((entry) => entry.body),
      rank: net.familiarity(group[0]!.word),
    }))
    .filter(({ word }) => /^[A-Z][a-z]+( [a-z]+)?$/.test(word))
    .sort((a, b) => b.rank - a.rank);
  /** Only words whose entries agree: one field, one origin, one status. */
  const agree = (found: (body: string) => (string | undefined)[], words = ranked) =>
    words.flatMap(({ word, bodies }): Pair[] => {
      const values = new Set(bodies.flatMap(found).filter((value) => value !== undefined));
      return values.size === 1 ? [[word.toLowerCase(), [...values][0]!]] : [];
    });
  const matches = (pattern: RegExp, table: Record<string, string>) => (body: string) =>
    [...body.matchAll(pattern)].map((match) => table[match[1]!]);
  /** A label of one sense is no label of the word: only words with a single sense have one. */
  const single = ({ bodies }: { bodies: string[] }) => bodies.length === 1 && !/ 2\. | \(b\) /.test(bodies[0]!);
  const origin = (body: string) => [ORIGINS[/\[(\w+)\./.exec(body)?.[1] ?? '']];
  const wordsOnly = (pairs: Pair[]) => pairs.filter(([word]) => !word.includes(' '));
  const past = [...byWord.values()].flatMap(([entry]): Pair[] => {
    const form = /\[imp\. & p\. p\. \{(\w+)\}/.exec(entry!.body)?.[1];
    return form?.endsWith('ed') ? [[form.toLowerCase(), entry!.word.toLowerCase()]] : [];
  });
  const regular = past.sort((a, b) => net.familiarity(b[1]) - net.familiarity(a[1]));
  return [
    {
      ...GCIDE,
      id: 'word-field',
      property: null,
      limit: 1800,
      closed: true,
      pairs: agree(matches(/\(([A-Z][A-Za-z ]+)\.?\)/g, FIELDS), ranked.filter(single)),
    },
    { ...GCIDE, id: 'word-origin', property: null, limit: 2200, closed: true, pairs: wordsOnly(agree(origin)) },
    {
      ...GCIDE,
      id: 'word-status',
      property: null,
      limit: 1200,
      closed: true,
      pairs: agree(matches(/\[([A-Z][A-Za-z. ]*)\.?\]/g, withDots(STATUS)), ranked.filter(single)),
    },
    {
      ...GCIDE,
      id: 'quoted-author',
      property: null,
      limit: 1200,
      closed: true,
      pairs: wordsOnly(agree(matches(/--((?:Sir W\. )?[A-Z][a-z]+)/g, AUTHORS))),
    },
    { ...GCIDE, id: 'regular-past-verb', property: null, limit: 900, closed: true, morphology: true, pairs: regular },
  ];
}

const withDots = (table: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(table).flatMap(([key, value]) => [
      [key, value],
      [`${key}.`, value],
    ]),
  );

export function foldocRelations(): RelationSpec[] {
  const pairs = dictEntries('foldoc').flatMap(({ word, body }): Pair[] => {
    const field = /^\W*(?:1\. )?<([a-z]+)>/.exec(body)?.[1];
    return field && word.length > 2 ? [[word, field]] : [];
  });
  return [{ ...FOLDOC, id: 'computing-field', property: null, limit: 1800, closed: true, pairs }];
}
