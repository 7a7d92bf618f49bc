import { groupBy } from '../group.ts';
import { elements } from '../sources/dicts.ts';
import { isoCodes } from '../sources/files.ts';
import { fold } from '../text.ts';
import type { Pair, RelationSpec } from '../types.ts';

interface Language {
  alpha_2?: string;
  alpha_3: string;
  name: string;
  scope: string;
  type: string;
}

interface Subdivision {
  code: string;
  name: string;
  type: string;
  parent?: string;
}

const ISO = { source: 'iso-codes', licence: 'LGPL-2.1-or-later', closed: true };
const ELEMENTS = { source: 'dict-elements', licence: 'public domain', limit: 200, core: true, closed: true };
const STATUS: Record<string, string> = { L: 'living', E: 'extinct', A: 'ancient', H: 'historical', C: 'constructed' };
const short = (name: string) => fold(name.replace(/ *[(;,].*$/, ''));

export function codeRelations(): RelationSpec[] {
  const languages = isoCodes<Language>('639-3');
  const common = languages.filter((language) => language.alpha_2);
  const scripts = isoCodes<{ alpha_4: string; name: string }>('15924');
  const currencies = isoCodes<{ alpha_3: string; name: string }>('4217');
  const status = languages.filter((l) => l.scope === 'I' && l.type in STATUS);
  const rare = status.filter((l) => l.type !== 'L');
  const living = status.filter((l) => l.type === 'L' && /^[A-Za-z]+$/.test(l.name)).filter((_, i) => i % 5 === 0);
  return [
    {
      ...ISO,
      id: 'language-code',
      property: 'P218',
      limit: 200,
      core: true,
      pairs: common.map((l): Pair => [short(l.name), l.alpha_2!]),
    },
    {
      ...ISO,
      id: 'language-code-3',
      property: 'P220',
      limit: 100,
      core: true,
      pairs: common.map((l): Pair => [short(l.name), l.alpha_3]),
    },
    {
      ...ISO,
      id: 'language-status',
      property: null,
      limit: 1000,
      pairs: [...rare, ...living].map((l): Pair => [short(l.name), STATUS[l.type]!]),
    },
    {
      ...ISO,
      id: 'script-code',
      property: 'P506',
      limit: 80,
      core: true,
      pairs: scripts.filter((s) => !s.alpha_4.startsWith('Z')).map((s): Pair => [short(s.name), s.alpha_4]),
    },
    {
      ...ISO,
      id: 'currency-name-code',
      property: 'P498',
      limit: 90,
      core: true,
      pairs: currencies.map((c): Pair => [short(c.name), c.alpha_3]),
    },
    ...subdivisionRelations(),
    ...elementRelations(),
    roman(),
  ];
}

function subdivisionRelations(): RelationSpec[] {
  const countries = new Map(
    isoCodes<{ alpha_2: string; name: string; common_name?: string }>('3166-1').map((c) => [
      c.alpha_2,
      c.common_name ?? c.name,
    ]),
  );
  const all = isoCodes<Subdivision>('3166-2').filter((s) => !s.parent && !/[[/(]/.test(s.name));
  const byName = groupBy(all, (s) => fold(s.name).toLowerCase());
  const unique = all.filter((s) => byName.get(fold(s.name).toLowerCase())!.length === 1);
  const country = (s: Subdivision) => (countries.get(s.code.slice(0, 2)) ?? '').replace(/,.*$/, '');
  const kind = (s: Subdivision) => (/^[A-Za-z]+$/.test(s.type) ? s.type.toLowerCase() : '');
  return [
    {
      ...ISO,
      id: 'subdivision-country',
      property: 'P17',
      limit: 1500,
      pairs: unique.map((s): Pair => [fold(s.name), fold(country(s))]),
    },
    {
      ...ISO,
      id: 'subdivision-kind',
      property: 'P31',
      limit: 1500,
      pairs: unique.map((s): Pair => [fold(s.name), kind(s)]),
    },
  ];
}

/** The first element of each period, and the group of every element outside the lanthanides and actinides. */
const PERIODS = [1, 3, 11, 19, 37, 55, 87, 119];

export function periodOf(number: number): number {
  return PERIODS.findIndex((first, i) => number >= first && number < (PERIODS[i + 1] ?? Infinity)) + 1;
}

export function groupOf(number: number): number | undefined {
  const period = periodOf(number);
  const [at, length] = [number - PERIODS[period - 1]! + 1, PERIODS[period]! - PERIODS[period - 1]!];
  if (number === 2) return 18;
  if (at <= 2) return at;
  if (length === 32 && at <= 16) return undefined;
  return 18 - (length - at);
}

function elementRelations(): RelationSpec[] {
  const table = elements().filter((e) => /^[A-Z][a-z]?$/.test(e.symbol) && e.number <= 103);
  const each = (object: (e: (typeof table)[number]) => string | number | undefined) =>
    table.map((e): Pair => [e.name, String(object(e) ?? '')]);
  return [
    { ...ELEMENTS, id: 'element-symbol', property: 'P246', pairs: each((e) => e.symbol) },
    { ...ELEMENTS, id: 'symbol-element', property: null, pairs: table.map((e): Pair => [e.symbol, e.name]) },
    { ...ELEMENTS, id: 'atomic-number', property: 'P1086', pairs: each((e) => e.number) },
    { ...ELEMENTS, id: 'number-element', property: null, pairs: table.map((e): Pair => [String(e.number), e.name]) },
    { ...ELEMENTS, id: 'element-group', property: null, pairs: each((e) => groupOf(e.number)) },
    { ...ELEMENTS, id: 'element-period', property: null, pairs: each((e) => periodOf(e.number)) },
  ];
}

function roman(): RelationSpec {
  const parts: [number, string][] = [
    [100, 'C'],
    [90, 'XC'],
    [50, 'L'],
    [40, 'XL'],
    [10, 'X'],
    [9, 'IX'],
    [5, 'V'],
    [4, 'IV'],
    [1, 'I'],
  ];
  const write = (n: number): string => {
    const part = parts.find(([value]) => value <= n);
    return part ? part[1] + write(n - part[0]) : '';
  };
  const pairs = Array.from({ length: 120 }, (_, i): Pair => [write(i + 1), String(i + 1)]);
  return {
    id: 'roman-numeral',
    property: null,
    source: 'computed',
    licence: 'MIT',
    limit: 150,
    core: true,
    closed: true,
    pairs,
  };
}
