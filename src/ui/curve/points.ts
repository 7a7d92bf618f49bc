import type { CurvePoint } from '../../app/store.ts';

export type Against = 'level' | 'size';

/** A point as the chart draws it; shares in percent. */
export interface Drawn {
  x: number;
  label: string;
  level: number;
  share: number;
  band: [low: number, high: number];
  probes: number;
  of: number;
  isFromLink: boolean;
}

/** The points that have a result, from left to right: least compressed first. */
export function drawnPoints(points: readonly CurvePoint[], against: Against, relation: string | null): Drawn[] {
  return points.flatMap(({ x, label, level, result }): Drawn[] => {
    if (!result) return [];
    const [first] = result.summary.precision;
    const own = relation === null ? null : result.relationShares.get(relation);
    if (relation !== null && !own) return [];
    const { share, low, high, probes, of } = own ?? { ...first, probes: result.summary.probes, of: result.summary.of };
    return [
      {
        x: against === 'size' ? result.bytes / 1e6 : x,
        label,
        level,
        share: share * 100,
        band: [low * 100, high * 100],
        probes,
        of,
        isFromLink: result.source === 'link',
      },
    ];
  });
}
