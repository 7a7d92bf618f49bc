import type { Figure } from '../../projection/groups.ts';
import type { Vertical } from './axes.ts';
/** What a run is asked. Places are those of the level on the horizontal axis, such as 0.5 or 8. */
export type Asks =
  /** Which line is highest at a level, and which lowest. */
  | {
      what: 'order';
      y: Vertical;
      at: number;
      /** Only numbers of all questions count: a sample of a task whose answers alternate holds one answer alone. */
      isWhole?: boolean;
    }
  /** Where each line has lost more than half of what it knew. */
  | { what: 'half' }
  /** Whether the second line of each two is below the first at a level. */
  | { what: 'pairs'; y: Vertical; at: number };

/** The height of what is asked: of what was known for halves. */
export const heightOf = (asks: Asks): Vertical => (asks.what === 'half' ? 'kept' : asks.y);

/** A line as far as the sentence needs it. */
export interface SaidLine {
  label: string;
  points: readonly { place: number; label: string; figure: Figure | null }[];
}

/** A line at a level. */
export interface PresetSaid {
  line: string;
  at: string;
  figure: Figure;
}

/** What a run shows; only from numbers that were computed. */
export type Says =
  /** So many of the numbers that it takes are not there. */
  | { kind: 'missing'; missing: number }
  /** The highest and the lowest, whose intervals do not touch; `others` are between them. */
  | { kind: 'apart'; most: PresetSaid; least: PresetSaid; others: number }
  /** No two intervals at this level are apart enough to tell highest from lowest. */
  | { kind: 'alike'; all: readonly PresetSaid[] }
  /** By line: the first level whose whole interval is below half; null where none is. */
  | { kind: 'half'; lines: readonly { line: string; first: PresetSaid | null; last: PresetSaid }[] }
  /** Two by two: whether the second is below or above the first, with intervals that do not touch. */
  | { kind: 'pairs'; pairs: readonly { first: PresetSaid; second: PresetSaid; isBelow: boolean; isAbove: boolean }[] };

const isAt = (place: number, at: number) => Math.abs(place - at) < 1e-9;
const areApart = (high: Figure, low: Figure) => high.low > low.high;

/** Draws the one conclusion that a preset asks for. Intervals that touch are never told apart. */
export function saysOf(asks: Asks, lines: readonly SaidLine[]): Says {
  return asks.what === 'half' ? halfOf(lines) : levelOf(asks, lines);
}

function levelOf(asks: Exclude<Asks, { what: 'half' }>, lines: readonly SaidLine[]): Says {
  const found = lines.map(({ label: line, points }): PresetSaid | null => {
    const point = points.find(({ place }) => isAt(place, asks.at));
    const isPart = asks.what === 'order' && asks.isWhole && point?.figure && point.figure.probes < point.figure.of;
    return point?.figure && !isPart ? { line, at: point.label, figure: point.figure } : null;
  });
  const said = found.filter((entry) => entry !== null);
  if (said.length < Math.max(2, lines.length))
    return { kind: 'missing', missing: Math.max(2, lines.length) - said.length };
  if (asks.what === 'pairs') {
    const pairs = said.flatMap((first, index) => {
      const second = said[index + 1];
      if (index % 2 === 1 || !second) return [];
      return [
        {
          first,
          second,
          isBelow: areApart(first.figure, second.figure),
          isAbove: areApart(second.figure, first.figure),
        },
      ];
    });
    return { kind: 'pairs', pairs };
  }
  const ordered = said.toSorted((a, b) => b.figure.share - a.figure.share);
  const [most, least] = [ordered[0], ordered[ordered.length - 1]];
  return areApart(most.figure, least.figure)
    ? { kind: 'apart', most, least, others: ordered.length - 2 }
    : { kind: 'alike', all: ordered };
}

function halfOf(lines: readonly SaidLine[]): Says {
  const missing = lines.flatMap(({ points }) => points.filter(({ figure }) => figure === null)).length;
  if (missing > 0 || lines.length === 0 || lines.some(({ points }) => points.length === 0))
    return { kind: 'missing', missing: Math.max(1, missing) };
  return {
    kind: 'half',
    lines: lines.map(({ label: line, points }) => {
      const said = points.map(({ label: at, figure }): PresetSaid => ({ line, at, figure: figure! }));
      return { line, first: said.find(({ figure }) => figure.high < 0.5) ?? null, last: said[said.length - 1] };
    }),
  };
}
