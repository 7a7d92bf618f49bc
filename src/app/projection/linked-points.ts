import { stratifiedOrder } from '../../lab/probe/order.ts';
import type { LinkedResults } from '../link/link-results.ts';
import { levelFromLink } from './level-result.ts';

/** A link's results as the page shows them. */
export function linkedPoints(linked: LinkedResults) {
  const order = stratifiedOrder(linked.relations.map((relation) => relation.probes));
  return {
    baseline: levelFromLink(linked.baseline, linked, order),
    levels: new Map(linked.levels.map((level) => [level.level, levelFromLink(level, linked, order)])),
  };
}
