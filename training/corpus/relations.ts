import { cityRelations } from './facts/cities.ts';
import { codeRelations } from './facts/codes.ts';
import { countryRelations } from './facts/countries.ts';
import { foldocRelations, gcideRelations } from './facts/dictionaries.ts';
import { personRelations } from './facts/people.ts';
import { wordnetRelations } from './facts/wordnet.ts';
import type { Entry } from './sources/gcide.ts';
import type { WordNet } from './sources/wordnet.ts';
import { CODE_WORDINGS } from './templates/codes.ts';
import { COUNTRY_WORDINGS } from './templates/countries.ts';
import { COUNTRY_CODE_WORDINGS } from './templates/country-codes.ts';
import { DICTIONARY_WORDINGS } from './templates/dictionary.ts';
import { GRAMMAR_WORDINGS } from './templates/grammar.ts';
import { PEOPLE_WORDINGS } from './templates/people.ts';
import { PLACE_WORDINGS } from './templates/places.ts';
import { WORD_WORDINGS } from './templates/words.ts';
import type { RelationSpec, Wording } from './types.ts';

export const WORDINGS: Record<string, Wording> = {
  ...COUNTRY_WORDINGS,
  ...COUNTRY_CODE_WORDINGS,
  ...GRAMMAR_WORDINGS,
  ...DICTIONARY_WORDINGS,
  ...PLACE_WORDINGS,
  ...CODE_WORDINGS,
  ...PEOPLE_WORDINGS,
  ...WORD_WORDINGS,
};

/** Every relation with all that its source knows, before anything is selected. */
export function allRelations(net: WordNet, gcide: Entry[]): RelationSpec[] {
  const countries = countryRelations();
  const demonyms = new Set(countries.find(({ id }) => id === 'demonym')!.pairs.map(([, object]) => object));
  const specs = [
    ...countries,
    ...cityRelations(),
    ...codeRelations(),
    ...personRelations(net, demonyms),
    ...wordnetRelations(net),
    ...gcideRelations(net, gcide),
    ...foldocRelations(),
  ];
  for (const { id } of specs) if (!WORDINGS[id]) throw new Error(`No templates for ${id}`);
  return specs;
}
