import { packageJson } from '../sources/files.ts';
import { fold } from '../text.ts';
import type { Pair, RelationSpec } from '../types.ts';

interface Country {
  name: { common: string };
  cca2: string;
  cca3: string;
  ccn3: string;
  tld: string[];
  capital: string[];
  subregion: string;
  currencies: Record<string, { name: string }>;
  languages: Record<string, string>;
  latlng: [number, number];
  landlocked: boolean;
  borders: string[];
  demonyms: { eng?: { m: string } };
}

interface Listed {
  phone: number[];
  continent: string;
}

const WORLD = { source: 'world-countries', licence: 'ODbL-1.0' };
const JSON_DATA = { source: 'country-json', licence: 'MIT' };
const LIST = { source: 'countries-list', licence: 'MIT' };
const CONTINENTS: Record<string, string> = { AF: 'Africa', AS: 'Asia', EU: 'Europe', OC: 'Oceania', AN: 'Antarctica' };
const SIDES: Record<string, string> = {
  Caribbean: 'Caribbean',
  Polynesia: 'Polynesia',
  Melanesia: 'Melanesia',
  Micronesia: 'Micronesia',
  'Southern Asia': 'Southern',
  'Middle Africa': 'Middle',
  'Northern Europe': 'Northern',
  'Southern Europe': 'Southern',
  'Western Asia': 'Western',
  'Central Europe': 'Central',
  'Eastern Africa': 'Eastern',
  'Western Europe': 'Western',
  'Western Africa': 'Western',
  'Eastern Europe': 'Eastern',
  'Central America': 'Central',
  'Southern Africa': 'Southern',
  'Eastern Asia': 'Eastern',
  'Northern Africa': 'Northern',
  'Central Asia': 'Central',
  'South America': 'South',
};

export const countryName = (country: { name: { common: string } }) => fold(country.name.common);
export const lastWord = (name: string) => fold(name).split(' ').at(-1)!;

export function countryTable(): Country[] {
  return packageJson<Country[]>('world-countries', 'countries.json');
}

export function countryRelations(): RelationSpec[] {
  const countries = countryTable();
  const listed = packageJson<Record<string, Listed>>('countries-list', 'countries.min.json');
  const byCode = new Map(countries.map((country) => [country.cca3, country]));
  const each = (objects: (country: Country) => string[]): Pair[] =>
    countries.flatMap((country) => objects(country).map((object): Pair => [countryName(country), fold(object)]));
  const inverse = (pairs: Pair[]) => pairs.map(([subject, object]): Pair => [object, subject]);
  const capital = each((country) => country.capital);
  const demonym = each((country) => [country.demonyms.eng?.m ?? '']);
  const code = each((country) => [country.cca2]);
  const add = (id: string, property: string | null, pairs: Pair[], more: Partial<RelationSpec> = {}): RelationSpec => ({
    ...WORLD,
    id,
    property,
    pairs,
    limit: 400,
    core: true,
    closed: true,
    ...more,
  });
  return [
    add('capital', 'P36', capital),
    add('capital-of', 'P1376', inverse(capital)),
    add(
      'continent',
      'P30',
      each((c) => [CONTINENTS[listed[c.cca2]?.continent ?? ''] ?? '']),
      LIST,
    ),
    add(
      'subregion',
      null,
      each((c) => [SIDES[c.subregion] ?? '']),
    ),
    add(
      'currency',
      'P38',
      each((c) => [...new Set(Object.values(c.currencies).map((x) => lastWord(x.name).toLowerCase()))]),
    ),
    add(
      'currency-code',
      null,
      each((c) => Object.keys(c.currencies)),
      { core: false },
    ),
    add(
      'official-language',
      'P37',
      each((c) => Object.values(c.languages)),
    ),
    add('demonym', 'P1549', demonym, { morphology: true }),
    add('demonym-country', null, inverse(demonym), { morphology: true }),
    add(
      'shares-border',
      'P47',
      each((c) => c.borders.map((border) => countryName(byCode.get(border)!))),
    ),
    add('country-code', 'P297', code),
    add('code-country', null, inverse(code)),
    add(
      'country-code-3',
      'P298',
      each((c) => [c.cca3]),
      { limit: 130 },
    ),
    add(
      'internet-domain',
      'P78',
      each((c) =>
        c.tld
          .filter((tld) => /^\.[a-z]+$/.test(tld))
          .slice(0, 1)
          .map((tld) => tld.slice(1)),
      ),
    ),
    add(
      'calling-code',
      'P474',
      each((c) => (listed[c.cca2]?.phone ?? []).slice(0, 1).map(String)),
      { ...LIST, limit: 150 },
    ),
    add(
      'landlocked',
      null,
      each((c) => [c.landlocked ? 'yes' : 'no']),
      { closed: false },
    ),
    add(
      'country-hemisphere',
      null,
      each((c) => (Math.abs(c.latlng[0]) < 2 ? [] : [c.latlng[0] > 0 ? 'northern' : 'southern'])),
    ),
    ...jsonRelations(add),
  ];
}

type Add = (id: string, property: string | null, pairs: Pair[], more?: Partial<RelationSpec>) => RelationSpec;

function jsonRelations(add: Add): RelationSpec[] {
  const read = <T>(what: string) =>
    packageJson<(T & { country: string })[]>('country-json', `src/country-by-${what}.json`);
  const years = read<{ independence: number | null }>('independence-date');
  const government = read<{ government: string | null }>('government-type');
  const kind = (text: string | null) =>
    /\b(republic|monarchy|emirate|sultanate|territory)\b/i.exec(text ?? '')?.[1]?.toLowerCase() ?? '';
  return [
    add(
      'independence-year',
      'P571',
      years.map((x): Pair => [fold(x.country), String(x.independence ?? '')]),
      JSON_DATA,
    ),
    add(
      'government',
      'P122',
      government.map((x): Pair => [fold(x.country), kind(x.government)]),
      JSON_DATA,
    ),
  ];
}
