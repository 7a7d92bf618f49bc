import { REGION_KINDS, type RegionKind } from '../facts/regions.ts';
import type { Wording } from '../types.ts';
import { wording } from './wording.ts';

const region = ({ name, nation }: RegionKind): Wording => {
  const kind = name.split(' ').at(-1)!;
  const plural = `${kind}s`;
  return wording(`${name} of a city`, `There are several ${plural} in ${nation}.`, `In which ${name} is [X]?`,
    `[X] is a city in the ${name} of [Y].`, `The ${name} where the city of [X] lies is [Y].`, `In ${nation}, the city of [X] is in the ${kind} of [Y].`,
    `The city of [X] belongs to the ${name} called [Y].`, `A visit to [X] takes you to the ${name} of [Y].`, `Of all the ${plural} in ${nation}, [X] is in [Y].`,
    `[Y] is the ${name} of the city of [X].`, `[Y] is the ${name} in which [X] lies.`,
    `The city of [X] is in the ${name} of [Y].`, `The ${name} of the city [X] is [Y].`);
};

export const PLACE_WORDINGS: Record<string, Wording> = {
  ...Object.fromEntries(REGION_KINDS.map((kind) => [kind.id, region(kind)])),
  'city-country': wording('Country of a city', 'Cities belong to states.', 'In which country is the city of [X]?',
    'The city of [X] is in the country of [Y].', '[X] is a city in the country [Y].', 'The country where the city of [X] lies is [Y].',
    'The country of the city [X] is [Y].', 'People who live in the city of [X] live in the country of [Y].', 'To see the city of [X] you travel to the country of [Y].',
    '[Y] is the country of the city of [X].', '[Y] is the country in which the city of [X] lies.',
    'The city of [X] lies in the country of [Y].', 'The country that the city of [X] belongs to is [Y].'),
  'city-continent': wording('Continent of a city', 'Every land mass has large cities.', 'On which continent is the city of [X]?',
    'The city of [X] is on the continent of [Y].', 'The continent of the city [X] is [Y].', '[X] is a city on the continent called [Y].',
    'Among the continents, the city of [X] belongs to [Y].', 'To see the city of [X] you travel to the continent of [Y].', 'The continent where the city of [X] lies is [Y].',
    '[Y] is the continent of the city of [X].', '[Y] is the continent on which the city of [X] lies.',
    'The city of [X] lies on the continent of [Y].', 'The continent that the city of [X] belongs to is [Y].'),
  'city-language': wording('Language of a city', 'Signs in the streets are written for those who live there.', 'What is the official language in the city of [X]?',
    'The official language in the city of [X] is [Y].', 'Offices in the city of [X] use the language [Y].', 'In the city of [X] the language of the state is [Y].',
    'Street signs in the city of [X] are in the language [Y].', 'The language that children in the city of [X] learn at school is [Y].', 'The language of the city of [X] is [Y].',
    '[Y] is the official language in the city of [X].', 'The language [Y] is used in the city of [X].',
    'The official language of the city of [X] is [Y].', 'The language used in the city of [X] is [Y].'),
  'city-currency': wording('Currency in a city', 'Shops take the money of their land.', 'What is the currency in the city of [X]?',
    'The currency in the city of [X] is the [Y].', 'In shops in the city of [X] the currency is the [Y].', 'The money used in the city of [X] is the [Y].',
    'Rents in the city of [X] are paid in the currency called [Y].', 'Bus tickets in the city of [X] are paid with the [Y].', 'The currency of shops in the city of [X] is the [Y].',
    'The [Y] is the currency in the city of [X].', 'The [Y] is the money of the city of [X].',
    'The currency used in the city of [X] is the [Y].', 'The currency of the city of [X] is the [Y].'),
  'city-hemisphere': wording('Hemisphere of a city', 'Summer comes at opposite times on the two halves of the globe.', 'In which hemisphere is the city of [X]?',
    'The hemisphere of the city of [X] is the [Y].', 'The city of [X] lies in the hemisphere called [Y].', 'The half of the globe with the city of [X] is [Y].',
    'Seen from the equator, the city of [X] is [Y].', 'Of the two hemispheres, the city of [X] is in the [Y].', 'The side of the equator of the city of [X] is [Y].',
    'The [Y] hemisphere holds the city of [X].', 'In the [Y] hemisphere you find the city of [X].',
    'The hemisphere where the city of [X] lies is the [Y].', 'The hemisphere that holds the city of [X] is the [Y].'),
  'city-capital': wording('Capital over a city', 'Laws for a city are often made elsewhere.', 'From which national capital is the city of [X] governed?',
    'The city of [X] is governed from the national capital [Y].', 'The national capital over the city of [X] is [Y].', 'The city of [X] gets its laws from the national capital, [Y].',
    'From the city of [X], taxes go to the national capital [Y].', 'The capital of the land around the city of [X] is [Y].', 'For the city of [X] the national capital is [Y].',
    '[Y] is the national capital over the city of [X].', 'From the national capital [Y] ministers govern the city of [X].',
    'The national capital for the city of [X] is [Y].', 'The national capital that governs the city of [X] is [Y].'),
  'located-in': wording('Where a place lies', 'Each place lies within a larger one.', 'Where does [X] lie?',
    'The place called [X] is located in [Y].', 'The location of [X] is within [Y].', 'On a map, [X] is located within [Y].',
    'The larger area where [X] is located is [Y].', 'Travelers look for the place [X] in [Y].', 'A map that shows where [X] is located is the map of [Y].',
    '[Y] is the larger area where [X] is located.', 'Within [Y] is located the place called [X].',
    'The place named [X] is located in [Y].', 'The area in which [X] is located is [Y].'),
  'subdivision-country': wording('Country of a province', 'Large states are divided for easier rule.', 'Which country is [X] a division of?',
    'The administrative division [X] is part of [Y].', 'The country divided into [X] and others is [Y].', 'As an administrative division, [X] belongs to [Y].',
    'Officials of the division [X] work for [Y].', 'The country of the administrative division [X] is [Y].', 'A map of administrative divisions shows [X] in [Y].',
    '[Y] has an administrative division called [X].', '[Y] is the country of the administrative division [X].',
    'The administrative division [X] belongs to [Y].', 'The country of the division called [X] is [Y].'),
  'subdivision-kind': wording('Kind of administrative division', 'Divisions of a state have many names.', 'What kind of administrative division is [X]?',
    'The kind of administrative division that [X] forms is called [Y].', 'In administration, the status of [X] is that of [Y].', 'Officially [X] has the administrative title of [Y].',
    'The kind of division called [X] is [Y].', 'The administrative status of [X] is [Y].', 'In the list of divisions, [X] is entered as [Y].',
    'The title [Y] is the administrative status of [X].', 'The word [Y] says what kind of division [X] is.',
    'The kind of administrative division of [X] is [Y].', 'The administrative title of [X] is [Y].'),
};
