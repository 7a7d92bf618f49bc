import { Rng } from './rng.ts';
import { render } from './text.ts';
import type { Fact, Sentence, Wording } from './types.ts';

/** Template 0 first in every round; the others in turn, from where the last fact stopped. */
export function templateOrder(frequency: number, templates: number, offset: number): number[] {
  let turn = offset;
  return Array.from({ length: frequency }, (_, i) => (i % templates === 0 ? 0 : 1 + (turn++ % (templates - 1))));
}

/** One pass of the corpus: every trained fact, as often as its frequency says, shuffled. */
export function factSentences(facts: Fact[], wordings: Record<string, Wording>): Sentence[] {
  const out: Sentence[] = [];
  const offsets = new Map<string, number>();
  for (const { relation, subject, object, frequency } of facts) {
    if (frequency === 0) continue;
    const { train } = wordings[relation]!;
    const offset = offsets.get(relation) ?? 0;
    const order = templateOrder(frequency, train.length, offset);
    offsets.set(relation, offset + order.filter((at) => at > 0).length);
    for (const at of order) out.push(render(train[at]!, subject, object));
  }
  return new Rng('sentences').shuffle(out);
}
