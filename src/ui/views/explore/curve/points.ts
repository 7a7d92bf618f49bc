import { estimateAt } from '../../../../app/projection/estimate.ts';
import type { CurvePoint } from '../../../../app/views/explore/explore-store.ts';

export type Against = 'level' | 'size';

/** A point as the chart draws it; shares in percent. */
export interface Drawn {
  x: number;
  label: string;
  level: number;
  share: number;
  band: [low: number, high: number];
  /** None where it is estimated from its neighbours. */
  probes: number;
  of: number;
  isEstimated: boolean;
  isFromLink: boolean;
}

/**
 * The points from left to right, least compressed first. Those that have no result are estimated; on the size of the
 * model only those that have one, since it is not known before.
 */
export function drawnPoints(points: readonly CurvePoint[], against: Against, relation: string | null): Drawn[] {
  return points.flatMap(({ x, label, level, result }): Drawn[] => {
    const own = relation === null ? result?.summary.precision[0] : result?.relationShares.get(relation);
    if (result && own) {
      const { probes, of } = relation === null ? result.summary : result.relationShares.get(relation)!;
      return [
        {
          x: against === 'size' ? result.bytes / 1e6 : x,
          label,
          level,
          share: own.share * 100,
          band: [own.low * 100, own.high * 100],
          probes,
          of,
          isEstimated: false,
          isFromLink: result.source === 'link',
        },
      ];
    }
    const estimate = estimateAt(points, level, ({ summary, relationShares }) =>
      relation === null ? summary.precision[0] : relationShares.get(relation),
    );
    if (!estimate || against === 'size') return [];
    const { share, low, high } = estimate;
    const band: Drawn['band'] = [low * 100, high * 100];
    return [{ x, label, level, share: share * 100, band, probes: 0, of: 0, isEstimated: true, isFromLink: false }];
  });
}
