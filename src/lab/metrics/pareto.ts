/** Something that costs and is worth something. */
export interface ParetoPoint {
  /** The less, the better. */
  cost: number;
  /** The more, the better. */
  worth: number;
}

/**
 * The Pareto front: the offers that no other one beats, that is, none is at least as good in both and better in one. Of
 * equals the first stays.
 *
 * @returns by rising cost, and so by rising worth
 */
export function paretoFront<T extends ParetoPoint>(offers: readonly T[]): T[] {
  const sorted = [...offers].sort((a, b) => a.cost - b.cost || b.worth - a.worth);
  const front: T[] = [];
  for (const offer of sorted) {
    const last = front.at(-1);
    if (!last || offer.worth > last.worth) front.push(offer);
  }
  return front;
}
