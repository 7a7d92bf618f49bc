import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { groupBy } from './group.ts';
import { LeakFinder } from './leak.ts';
import { WORDINGS } from './relations.ts';
import { cardinality, MAX_OBJECTS } from './select.ts';
import { pairKey } from './split.ts';
import { leaks, oneWord, render, usableSubject } from './text.ts';
import type { Fact } from './types.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const unzip = (path: string) =>
  gunzipSync(readFileSync(`${root}${path}`))
    .toString('utf8')
    .trim()
    .split('\n');

interface SuiteRelation {
  id: string;
  label: string;
  property: string | null;
  cardinality: string;
  source: string;
  licence: string;
  templates: { train: string[]; probe: string[] };
  facts: [subject: string, object: string | string[], frequency: number][];
}

const text = readFileSync(`${root}public/suites/facts/suite.json`, 'utf8');
const suite = JSON.parse(text) as { format: string; title: string; licence: string; relations: SuiteRelation[] };
const facts = unzip('training/data/facts.jsonl.gz').map((line) => JSON.parse(line) as Fact);
const held = facts.filter(({ frequency }) => frequency === 0);
const trained = facts.filter(({ frequency }) => frequency > 0);
const byRelation = groupBy(facts, ({ relation }) => relation);
const MORPHOLOGY =
  /^(demonym|demonym-country|pertains-to|adverb-adjective|doer-action|plural-singular|past-verb|regular-past-verb|comparative-adjective|superlative-adjective)$/;

describe('the fact base', () => {
  it('has 50,000 facts or more in 60 relations or more', () => {
    expect(facts.length).toBeGreaterThanOrEqual(50_000);
    expect(byRelation.size).toBeGreaterThanOrEqual(60);
    expect(suite.relations.map(({ id }) => id)).toEqual([...byRelation.keys()]);
    for (const [id, own] of byRelation)
      expect(new Set(own.map(({ subject }) => subject)).size, id).toBeGreaterThanOrEqual(60);
  });

  it('has objects of one plain word, few enough for every vocabulary', () => {
    expect(facts.filter(({ object }) => !oneWord(object))).toEqual([]);
    expect(new Set(facts.map(({ object }) => object.toLowerCase())).size).toBeLessThanOrEqual(MAX_OBJECTS);
  });

  it('has plain subjects, and none that gives its object away', () => {
    expect(facts.filter(({ subject }) => !usableSubject(subject))).toEqual([]);
    expect(facts.filter((fact) => leaks(fact.subject, fact.object, MORPHOLOGY.test(fact.relation)))).toEqual([]);
  });

  it('states no fact twice', () => {
    const keys = facts.map(({ relation, subject, object }) => `${relation}\t${subject}\t${object}`.toLowerCase());
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('draws 4, 8, 16 and 32 sentences in the shares 4 : 3 : 2 : 1', () => {
    const counts = groupBy(trained, ({ frequency }) => frequency);
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([4, 8, 16, 32]);
    for (const [frequency, share] of [
      [4, 0.4],
      [8, 0.3],
      [16, 0.2],
      [32, 0.1],
    ] as const) {
      expect(counts.get(frequency)!.length / trained.length).toBeCloseTo(share, 1);
    }
  });
});

describe('what is held out', () => {
  it('is whole subjects, a tenth of each relation', () => {
    for (const [id, own] of byRelation) {
      const bySubject = groupBy(own, ({ subject }) => subject.toLowerCase());
      const out = [...bySubject.values()].filter((group) => group.some(({ frequency }) => frequency === 0));
      for (const group of out) expect(group.every(({ frequency }) => frequency === 0)).toBe(true);
      expect(out.length, id).toBeGreaterThanOrEqual(6);
      expect(out.length, id).toBeLessThanOrEqual(60);
    }
  });

  it('is stated by no other fact: no inverse, no symmetric one, no second relation', () => {
    const pairs = new Set(held.map(({ subject, object }) => pairKey(subject, object)));
    expect(trained.filter(({ subject, object }) => pairs.has(pairKey(subject, object)))).toEqual([]);
  });

  it('is in no sentence that any training template makes of any trained fact', () => {
    const finder = new LeakFinder(held);
    const told = trained.flatMap(({ relation, subject, object }) =>
      WORDINGS[relation]!.train.flatMap((template) => finder.find(render(template, subject, object).text)),
    );
    expect(told).toEqual([]);
  });

  const out = (name: string) => `training/out/${name}`;
  it.skipIf(!existsSync(`${root}${out('text.txt.gz')}`))('is in no line of prose and no training example', () => {
    const finder = new LeakFinder(held);
    const lines = [...unzip(out('text.txt.gz')), ...unzip(out('choice-train.jsonl.gz'))];
    expect(lines.filter((line) => finder.find(line.replaceAll('\\n', ' ')).length > 0)).toEqual([]);
  });
});

describe('the suite', () => {
  it('has its format, one line a relation, and a size that can be loaded', () => {
    expect(suite.format).toBe('lossy-suite-2');
    expect(text.length).toBeLessThanOrEqual(900_000);
    expect(text.trim().split('\n')).toHaveLength(suite.relations.length + 2);
  });

  it('says of each relation what the facts say', () => {
    for (const relation of suite.relations) {
      const own = byRelation.get(relation.id)!;
      expect(relation.cardinality, relation.id).toBe(cardinality(own.map(({ subject, object }) => [subject, object])));
      expect(own.every(({ source }) => source === relation.source)).toBe(true);
      expect(relation.property ?? 'P1').toMatch(/^P\d+$/);
      expect(relation.label.length * relation.licence.length).toBeGreaterThan(0);
      expect(relation.templates).toEqual({ train: WORDINGS[relation.id]!.train, probe: WORDINGS[relation.id]!.probe });
    }
  });

  it('asks at most 200 trained subjects and all held-out ones, with every object and the sum of the sentences', () => {
    for (const { id, facts: tuples } of suite.relations) {
      const bySubject = groupBy(byRelation.get(id)!, ({ subject }) => subject);
      expect(new Set(tuples.map(([subject]) => subject)).size).toBe(tuples.length);
      for (const [subject, object, frequency] of tuples) {
        const group = bySubject.get(subject)!;
        expect([object].flat()).toEqual(group.map((fact) => fact.object));
        expect(frequency).toBe(group.reduce((sum, fact) => sum + fact.frequency, 0));
      }
      const out = [...bySubject.values()].filter(([fact]) => fact!.frequency === 0);
      expect(tuples.filter(([, , frequency]) => frequency === 0)).toHaveLength(out.length);
      const asked = tuples.filter(([, , frequency]) => frequency > 0).length;
      expect(asked, id).toBeLessThanOrEqual(200);
      expect(asked, id).toBeGreaterThanOrEqual(50);
    }
  });
});
