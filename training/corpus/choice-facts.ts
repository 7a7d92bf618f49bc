import { groupBy } from './group.ts';
import type { Rng } from './rng.ts';
import { subjectKey } from './split.ts';
import { render, words } from './text.ts';
import type { Fact, Pair, Relation } from './types.ts';

/** One question: a trained fact, and what else is said of its relation. */
export interface Item {
  relation: Relation;
  subject: string;
  object: string;
}

/** What the choice tasks ask from: trained facts of relations where what is not listed is false. */
export class ChoiceFacts {
  readonly relations: Relation[];
  private readonly subjects = new Map<string, Item[]>();
  private readonly objects = new Map<string, string[]>();
  private readonly truths = new Set<string>();
  private readonly elsewhere = new Map<string, Fact[]>();
  private readonly byId: Map<string, Relation>;

  constructor(relations: Relation[], facts: Fact[], incomplete: Set<string>, everyPair: Map<string, Pair[]>) {
    this.byId = new Map(relations.map((relation) => [relation.id, relation]));
    this.relations = relations.filter(({ closed }) => closed);
    for (const [id, pairs] of everyPair) for (const [s, o] of pairs) this.truths.add(`${id}\t${s}\t${o}`.toLowerCase());
    const trained = facts.filter(({ frequency }) => frequency > 0);
    for (const [subject, group] of groupBy(trained, (fact) => fact.subject.toLowerCase()))
      this.elsewhere.set(subject, group);
    for (const relation of this.relations) {
      const own = trained.filter(
        (fact) => fact.relation === relation.id && !incomplete.has(subjectKey(relation.id, fact.subject)),
      );
      this.subjects.set(
        relation.id,
        own.map(({ subject, object }) => ({ relation, subject, object })),
      );
      this.objects.set(relation.id, [...new Set(own.map((fact) => fact.object))]);
    }
  }

  items(relation: Relation): Item[] {
    return this.subjects.get(relation.id)!;
  }

  isTrue(relation: Relation, subject: string, object: string): boolean {
    return this.truths.has(`${relation.id}\t${subject}\t${object}`.toLowerCase());
  }

  /** Objects of the same relation that are not true of the subject. */
  wrong({ relation, subject }: Item, count: number, rng: Rng): string[] | undefined {
    const all = this.objects.get(relation.id)!;
    const out = new Set<string>();
    for (let tries = 0; tries < 60 && out.size < count; tries++) {
      const object = rng.pick(all);
      if (!this.isTrue(relation, subject, object)) out.add(object);
    }
    return out.size === count ? [...out] : undefined;
  }

  /** Another subject of the relation that the object is not true of. */
  otherSubject(item: Item, rng: Rng): string | undefined {
    for (let tries = 0; tries < 60; tries++) {
      const { subject } = rng.pick(this.items(item.relation));
      if (subject !== item.subject && !this.isTrue(item.relation, subject, item.object)) return subject;
    }
    return undefined;
  }

  /** One or two true sentences that do not answer: about the relation, and something else about the subject. */
  passage(item: Item, rng: Rng): string | undefined {
    const silent = (text: string) => !words(text).includes(item.object.toLowerCase());
    if (!silent(item.relation.about)) return undefined;
    const others = this.elsewhere.get(item.subject.toLowerCase())!.filter((fact) => fact.relation !== item.relation.id);
    if (others.length === 0) return item.relation.about;
    const fact = rng.pick(others);
    const { text } = render(this.byId.get(fact.relation)!.train[0]!, fact.subject, fact.object);
    return silent(text) ? `${item.relation.about} ${text}` : item.relation.about;
  }
}
