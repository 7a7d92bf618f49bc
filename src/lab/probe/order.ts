/**
 * An order in which every beginning is a fair sample: each relation has about its share in it, and
 * within a relation the probes come spread over its list (van der Corput sequence), because neighbours in a list are
 * often alike. Deterministic: the same sample on every machine.
 *
 * @param sizes number of probes of each relation; probe numbers count through the relations in turn
 */
export function stratifiedOrder(sizes: readonly number[]): Uint32Array {
  const places: { probe: number; at: number }[] = [];
  let first = 0;
  for (const size of sizes) {
    const spread = Array.from({ length: size }, (_, index) => index).sort(
      (a, b) => radicalInverse(a) - radicalInverse(b),
    );
    // The i-th of n probes comes after the share (i + 1/2) / n of everything.
    const start = first;
    spread.forEach((index, i) => {
      places.push({ probe: start + index, at: (i + 0.5) / size });
    });
    first += size;
  }
  places.sort((a, b) => a.at - b.at || a.probe - b.probe);
  return Uint32Array.from(places, ({ probe }) => probe);
}

/** The binary digits of an integer mirrored at the point: 1 → 0.5, 2 → 0.25, 3 → 0.75, 4 → 0.125 … */
function radicalInverse(index: number): number {
  let result = 0;
  for (let rest = index, digit = 0.5; rest > 0; rest >>>= 1, digit /= 2) if (rest & 1) result += digit;
  return result;
}
