/** How a guess compares with what happened. */
export interface Distance {
  /** Levels that were guessed and are known. */
  levels: number;
  /** Mean distance in percentage points. */
  mean: number;
  /** Where it was furthest off; the first such place. */
  worst: { level: number; guess: number; real: number };
}

/**
 * Compares a guess with what happened.
 *
 * @param guess percent at each place, null where nothing is drawn
 * @param real percent at each place, null where nothing is known yet
 * @returns null where no place has both
 */
export function distanceOf(guess: readonly (number | null)[], real: readonly (number | null)[]): Distance | null {
  const both = guess.flatMap((value, level) => {
    const happened = real[level] ?? null;
    return value === null || happened === null ? [] : [{ level, guess: value, real: happened }];
  });
  if (both.length === 0) return null;
  const off = ({ guess, real }: (typeof both)[number]) => Math.abs(guess - real);
  const mean = both.reduce((sum, entry) => sum + off(entry), 0) / both.length;
  return { levels: both.length, mean, worst: both.reduce((most, entry) => (off(entry) > off(most) ? entry : most)) };
}

/**
 * A line that is drawn from one place to another: the places between get what lies on it.
 *
 * @param value percent, at `to`; what was drawn at `from` stays
 */
export function drawTo(
  guess: readonly (number | null)[],
  from: number | null,
  to: number,
  value: number,
): (number | null)[] {
  const start = from === null ? null : guess[from];
  return guess.map((before, place) => {
    if (place === to) return value;
    if (from === null || start === null || start === undefined) return before;
    const along = (place - from) / (to - from);
    return along > 0 && along < 1 ? Math.round(start + (value - start) * along) : before;
  });
}
