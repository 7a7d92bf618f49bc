import { estimateAt } from '../../../../app/projection/estimate.ts';
import type { CurvePoint } from '../../../../app/views/explore/explore-store.ts';
import type { ChartPoint, ChartRow } from '../../../parts/charts/series.tsx';

export type Against = 'level' | 'size';

/** A level of the curve, for the chart and for the table. */
export interface CurveRow extends ChartRow {
  level: number;
  points: { accuracy: ChartPoint };
  isFromLink: boolean;
}

/**
 * The levels from left to right, least compressed first. Those without a result are estimated, except by size: the size
 * of a model is only known once it was compressed.
 *
 * @param relation of all relations where null
 */
export function curveRows(points: readonly CurvePoint[], against: Against, relation: string | null): CurveRow[] {
  return points.flatMap(({ x, label, level, result }): CurveRow[] => {
    const share = relation === null ? result?.summary.precision[0] : result?.relationShares.get(relation);
    if (result && share) {
      const { probes, of } = relation === null ? result.summary : result.relationShares.get(relation)!;
      const accuracy = { share: share.share, low: share.low, high: share.high, probes, of, isFew: false };
      const place = against === 'size' ? result.bytes / 1e6 : x;
      return [{ x: place, label, level, points: { accuracy }, isFromLink: result.source === 'link' }];
    }
    const estimate = estimateAt(points, level, ({ summary, relationShares }) =>
      relation === null ? summary.precision[0] : relationShares.get(relation),
    );
    if (!estimate || against === 'size') return [];
    const { share: about, low, high } = estimate;
    const accuracy = { share: about, low, high, probes: 0, of: 0, isFew: false, isEstimated: true };
    return [{ x, label, level, points: { accuracy }, isFromLink: false }];
  });
}
