/** What something cost: y (seconds) at x (probes, parameters, levels). */
export interface FitPoint {
  x: number;
  y: number;
}

/** The straight line closest to some points. */
export interface FittedLine {
  intercept: number;
  slope: number;
  /** The share of the variance that the line explains (R²). */
  explained: number;
  /** The largest distance of a point from the line, as a share of that point's y. */
  worst: number;
}

/**
 * The line of least squares.
 *
 * @param points at least two different x
 */
export function fitLine(points: readonly FitPoint[]): FittedLine {
  const mean = (of: (point: FitPoint) => number) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const spread = mean((point) => (point.x - x) ** 2);
  if (!(spread > 0)) throw new Error('A line needs points at two different places.');
  const slope = mean((point) => (point.x - x) * (point.y - y)) / spread;
  const intercept = y - slope * x;
  const off = (point: FitPoint) => point.y - (intercept + slope * point.x);
  const total = mean((point) => (point.y - y) ** 2);
  return {
    intercept,
    slope,
    explained: total === 0 ? 1 : 1 - mean((point) => off(point) ** 2) / total,
    worst: Math.max(...points.map((point) => Math.abs(off(point)) / Math.abs(point.y))),
  };
}

/** The exponent by which y grows with x, from a line through the logarithms: 1 is linear. */
export function growth(points: readonly FitPoint[]): number {
  return fitLine(points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }))).slope;
}
