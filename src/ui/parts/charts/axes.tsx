import { useState } from 'react';

/** What all charts' axes look like, so that every chart reads as the others do. */
const letters = { fontSize: 12, fill: 'var(--mantine-color-dimmed)' };
export const axisStroke = 'var(--mantine-color-default-border)';

interface MarkProps {
  x: number | string;
  y: number | string;
  index: number;
  payload: { value: number };
  textAnchor?: string;
  verticalAnchor?: string;
  tickFormatter?: (value: number, index: number) => string;
}

/** The words of a mark, on one line: the library's own measure themselves, to break lines. */
function Words({ x, y, index, payload, textAnchor, verticalAnchor, tickFormatter }: MarkProps) {
  return (
    <text
      x={x}
      y={y}
      dy={verticalAnchor === 'start' ? '0.8em' : '0.35em'}
      textAnchor={textAnchor as 'middle'}
      {...letters}
    >
      {tickFormatter?.(payload.value, index) ?? payload.value}
    </text>
  );
}

/**
 * An axis' look, for the chart library's axes. All given marks are drawn: those that have no room are left out before
 * ({@link marksThatFit}), since the library finds them by drawing and measuring all words whenever anything changes.
 */
export const axisLook = { tick: Words, stroke: axisStroke, interval: 0 } as const;

/** An axis of percent. */
export const percentAxis = {
  ...axisLook,
  ticks: [0, 20, 40, 60, 80, 100],
  tickFormatter: (value: number) => `${value} %`,
};

/** The words along a horizontal axis. */
export const below = (value: string) => ({ value, position: 'insideBottom', offset: -12, ...letters }) as const;

/** The words along a vertical axis. */
export const beside = (value: string) =>
  ({ value, angle: -90, position: 'insideLeft', offset: 10, style: { textAnchor: 'middle' }, ...letters }) as const;

/** Of a chart that was not measured yet, in pixels. */
const usualWidth = 500;

/**
 * How wide the plot of a chart is, and what the chart's container tells its own width.
 *
 * @param beside what lies beside the plot, in pixels
 */
export function usePlotWidth(beside: number) {
  const [width, setWidth] = useState(usualWidth);
  return { plotWidth: width - beside, onResize: setWidth };
}

/** A mark of an axis. */
export interface Mark {
  x: number;
  label: string;
}

/** Room that a letter of an axis takes, and the least between two words, in pixels, at the charts' size of letters. */
const letter = 6.6;
const gap = 8;

/**
 * The marks whose words have room beside each other, from the left; the last one always.
 *
 * @param width of the axis in pixels
 * @param scale where a number lies on it: `Math.log` on a log axis
 */
export function marksThatFit(marks: readonly Mark[], width: number, scale = (x: number) => x): number[] {
  const sorted = [...marks].sort((a, b) => a.x - b.x);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last || first === last) return sorted.map(({ x }) => x);
  const middle = ({ x }: Mark) => ((scale(x) - scale(first.x)) / (scale(last.x) - scale(first.x))) * width;
  const half = ({ label }: Mark) => (label.length * letter) / 2;
  const fits = (a: Mark, b: Mark) => middle(b) - half(b) - (middle(a) + half(a)) >= gap;
  const kept: Mark[] = [first];
  for (const mark of sorted.slice(1, -1)) if (fits(kept.at(-1)!, mark) && fits(mark, last)) kept.push(mark);
  return [...kept, last].map(({ x }) => x);
}
