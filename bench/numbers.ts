/** Times of several rounds, summed up. */
export interface Spread {
  median: number;
  lowest: number;
  highest: number;
}

/** @param values at least one */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param values at least one */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), lowest: Math.min(...values), highest: Math.max(...values) };
}

/** How long something takes, in seconds. */
export async function secondsOf(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

/** Three digits that count, without an exponent: 0.0123, 1.23, 12.3, 1,234. */
export function digits(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  // Rounded first: 0.9999 is 1.00.
  const rounded = Number(value.toPrecision(3));
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(rounded))));
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** A time in words: 12.3 ms, 1.23 s. */
export const duration = (seconds: number) =>
  seconds < 0.9995 ? `${digits(seconds * 1000)} ms` : `${digits(seconds)} s`;

/** Median and range of times; a single one alone. */
export function durations(seconds: readonly number[]): string {
  if (seconds.length === 1) return duration(seconds[0]);
  const { median, lowest, highest } = spread(seconds);
  return `${duration(median)} (${duration(lowest)}–${duration(highest)})`;
}

/** A share as percent: 12.3 %. */
export const percent = (share: number) => `${(share * 100).toFixed(1)} %`.replace('-', '−');

/** A number of parameters: 9.2 M. */
export const millions = (count: number) => `${(count / 1e6).toFixed(1)} M`;
