import { ChoiceFacts, type Item } from './choice-facts.ts';
import { type Doc, example, TASKS } from './choice-tasks.ts';
import type { LeakFinder } from './leak.ts';
import { Rng } from './rng.ts';
import { subjectKey } from './split.ts';
import type { Fact, Pair, Relation } from './types.ts';

const DOCS = 300;
const TRAINING = 20_000;
const TRAINED_TASKS = ['boolq', 'piqa', 'hellaswag'];

type Base = [relations: Relation[], facts: Fact[], incomplete: Set<string>, everyPair: Map<string, Pair[]>];

export interface ChoiceSuite {
  suite: string;
  /** By task: the subjects ("relation tab subject") that its documents ask about. */
  used: Map<string, Set<string>>;
}

/** The relations take turns, and so do the labels. */
export function choiceSuite(...base: Base): ChoiceSuite {
  const facts = new ChoiceFacts(...base);
  const used = new Map<string, Set<string>>();
  const tasks = TASKS.map(({ task, label, labels, make }) => {
    const rng = new Rng(`choice ${task}`);
    const queues = facts.relations.map((relation) => rng.shuffle(facts.items(relation)));
    const asked = new Set<string>();
    const docs: Doc[] = [];
    const take = (queue: Item[]) => {
      for (let item = queue.pop(); item; item = queue.pop()) {
        const key = subjectKey(item.relation.id, item.subject);
        const doc = asked.has(key) ? undefined : make(facts, item, docs.length % labels, rng, docs.length);
        if (!doc) continue;
        for (const subject of [doc.option1, doc.option2])
          if (subject) asked.add(subjectKey(item.relation.id, String(subject)));
        asked.add(key);
        docs.push({ ...doc, relation: item.relation.id });
        return;
      }
    };
    while (docs.length < DOCS && queues.some((queue) => queue.length > 0)) {
      for (const queue of rng.shuffle(queues)) if (docs.length < DOCS) take(queue);
    }
    used.set(task, asked);
    return `{"task":"${task}","label":"${label}","docs":[\n${docs.map((doc) => JSON.stringify(doc)).join(',\n')}\n]}`;
  });
  const head = { format: 'lossy-tasks-1', title: 'Choices from open facts', licence: 'see LICENSE beside this file' };
  return { suite: `${JSON.stringify(head).slice(0, -1)},"tasks":[\n${tasks.join(',\n')}\n]}\n`, used };
}

/** Examples in the same shapes from other subjects; none names a held-out fact. */
export function choiceTraining(
  ...[relations, facts, incomplete, everyPair, used, finder]: [...Base, ChoiceSuite['used'], LeakFinder]
) {
  const base = new ChoiceFacts(relations, facts, incomplete, everyPair);
  const out: { context: string; continuation: string }[] = [];
  for (const { task, labels, make } of TASKS.filter(({ task }) => TRAINED_TASKS.includes(task))) {
    const rng = new Rng(`choice training ${task}`);
    const seen = new Set<string>();
    for (let tries = 0; seen.size < TRAINING && tries < 4 * TRAINING; tries++) {
      const item = rng.pick(base.items(rng.pick(base.relations)));
      if (used.get(task)!.has(subjectKey(item.relation.id, item.subject))) continue;
      const doc = make(base, item, seen.size % labels, rng, tries);
      if (!doc) continue;
      const { context, continuation } = example(task, doc);
      const text = context + continuation;
      if (seen.has(text) || finder.find(text).length > 0) continue;
      seen.add(text);
      out.push({ context, continuation });
    }
  }
  return new Rng('choice training').shuffle(out);
}
