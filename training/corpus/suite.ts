import { groupBy } from './group.ts';
import { Rng } from './rng.ts';
import { subjectKey } from './split.ts';
import type { Fact, Relation } from './types.ts';

export const EVALUATED = 200;
type Tuple = [subject: string, object: string | string[], frequency: number];

/** The suite file: one line a relation, at most 200 trained subjects and the held-out ones of each. */
export function factSuite(relations: Relation[], facts: Fact[], incomplete: Set<string>): string {
  const lines = relations.map((relation) => {
    const own = facts.filter((fact) => fact.relation === relation.id);
    const { id, label, property, cardinality, source, licence, train, probe } = relation;
    return JSON.stringify({
      id,
      label,
      property,
      cardinality,
      source,
      licence,
      templates: { train, probe },
      facts: evaluated(id, own, incomplete),
    });
  });
  const head = { format: 'lossy-suite-2', title: 'Open facts', licence: 'see LICENSE beside this file' };
  return `${JSON.stringify(head).slice(0, -1)},"relations":[\n${lines.join(',\n')}\n]}\n`;
}

function evaluated(id: string, own: Fact[], incomplete: Set<string>): Tuple[] {
  const bySubject = groupBy(own, (fact) => fact.subject);
  const order = new Rng(`evaluated ${id}`).shuffle([...bySubject.keys()]);
  const isHeld = (subject: string) => bySubject.get(subject)![0]!.frequency === 0;
  const trained = order.filter((subject) => !isHeld(subject) && !incomplete.has(subjectKey(id, subject)));
  return [...trained.slice(0, EVALUATED), ...order.filter(isHeld)].map((subject): Tuple => {
    const group = bySubject.get(subject)!;
    const objects = group.map((fact) => fact.object);
    const frequency = group.reduce((sum, fact) => sum + fact.frequency, 0);
    return [subject, objects.length === 1 ? objects[0]! : objects, frequency];
  });
}
