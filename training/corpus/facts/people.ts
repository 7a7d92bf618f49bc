import { groupBy } from '../group.ts';
import type { WordNet } from '../sources/wordnet.ts';
import { fold } from '../text.ts';
import type { Pair, RelationSpec } from '../types.ts';

const SOURCE = { source: 'wordnet', licence: 'WordNet-3.0', closed: true };
const YEARS = /\((?:born in |born )?(?:c\.? ?|circa )?(\d{4})(?:-(\d{4})?)?\)?/;

interface Person {
  name: string;
  gloss: string;
  born?: string;
  died?: string;
}

/** People in WordNet: instances in the file of persons, under the name that has first name and last name. */
function people(net: WordNet): Person[] {
  const out: Person[] = [];
  for (const synset of net.synsets.values()) {
    if (synset.lexfile !== 18 || !synset.pointers.some(([symbol]) => symbol === '@i')) continue;
    const full = synset.lemmas.filter((lemma) => lemma.split(' ').length >= 2 && lemma.split(' ').length <= 3);
    const name = full.find((lemma) => lemma.split(' ').length === 2) ?? full[0] ?? synset.lemmas[0]!;
    const years = YEARS.exec(synset.gloss);
    if (!years) continue;
    const [born, died] = [years[1], years[2]];
    out.push({ name: fold(name), gloss: synset.gloss, born, died });
  }
  const named = groupBy(out, ({ name }) => name.toLowerCase());
  return out.filter(({ name }) => named.get(name.toLowerCase())!.length === 1);
}

export function personRelations(net: WordNet, demonyms: Set<string>): RelationSpec[] {
  const all = people(net);
  const between = (year: string | undefined) => (year && Number(year) >= 1700 ? year : '');
  const occupations = occupationWords(net);
  const head = (gloss: string) =>
    gloss.split(/ who | whose | that | noted | known | \(|;|,| in | of | from | and /)[0]!;
  const nationality = (gloss: string) => {
    const first = gloss.replace(/^(the|a|an|United States) /, '').split(' ')[0]!;
    return demonyms.has(first) ? first : '';
  };
  const occupation = (gloss: string) => {
    const found = head(gloss)
      .split(' ')
      .filter((word) => occupations.has(word));
    return found.at(-1) ?? '';
  };
  const each = (object: (person: Person) => string) => all.map((person): Pair => [person.name, object(person)]);
  return [
    { ...SOURCE, id: 'birth-year', property: 'P569', limit: 1200, pairs: each((p) => between(p.born)) },
    { ...SOURCE, id: 'death-year', property: 'P570', limit: 1000, pairs: each((p) => between(p.died)) },
    { ...SOURCE, id: 'nationality', property: 'P27', limit: 1500, pairs: each((p) => nationality(p.gloss)) },
    { ...SOURCE, id: 'occupation', property: 'P106', limit: 1500, pairs: each((p) => occupation(p.gloss)) },
    { ...SOURCE, id: 'birth-country', property: null, limit: 600, pairs: each((p) => birthCountry(p.gloss)) },
  ];
}

function occupationWords(net: WordNet): Set<string> {
  const out = new Set<string>();
  for (const synset of net.synsets.values()) {
    if (synset.lexfile !== 18 || synset.pointers.some(([symbol]) => symbol === '@i')) continue;
    for (const lemma of synset.lemmas) if (/^[a-z]+$/.test(lemma)) out.add(lemma);
  }
  for (const word of ['man', 'woman', 'male', 'female', 'king', 'father', 'leader', 'native'])
    if (word !== 'king') out.delete(word);
  return out;
}

const birthCountry = (gloss: string) => /born in ([A-Z][a-z]+)\b(?! [A-Z])/.exec(gloss)?.[1] ?? '';
