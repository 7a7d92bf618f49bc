import { useState } from 'react';

/** The look of every chart's axes. */
const letters = { fontSize: 12, fill: 'var(--mantine-color-dimmed)' };
export const axisStroke = 'var(--mantine-color-default-border)';

interface TickProps {
  x: number | string;
  y: number | string;
  index: number;
  payload: { value: number };
  textAnchor?: string;
  verticalAnchor?: string;
  tickFormatter?: (value: number, index: number) => string;
}

/** A tick's label on one line. The library's own labels measure themselves to wrap. */
function TickLabel({ x, y, index, payload, textAnchor, verticalAnchor, tickFormatter }: TickProps) {
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
 * Props for the library's axes. All given ticks are drawn: leave out those without room beforehand ({@link ticksThatFit}),
 * because the library draws and measures all labels again whenever anything changes.
 */
export const axisLook = { tick: TickLabel, stroke: axisStroke, interval: 0 } as const;

/** Props for an axis in percent. */
export const percentAxis = {
  ...axisLook,
  ticks: [0, 20, 40, 60, 80, 100],
  tickFormatter: (value: number) => `${value} %`,
};

/** The title below a horizontal axis. */
export const below = (value: string) => ({ value, position: 'insideBottom', offset: -12, ...letters }) as const;

/** The title beside a vertical axis. */
export const beside = (value: string) =>
  ({ value, angle: -90, position: 'insideLeft', offset: 10, style: { textAnchor: 'middle' }, ...letters }) as const;

/** Width of a chart that was not measured yet, in CSS pixels. */
const usualWidth = 500;

/**
 * The width of a chart's plot, and the callback for its container.
 *
 * @param beside what lies beside the plot, in CSS pixels
 */
export function usePlotWidth(beside: number) {
  const [width, setWidth] = useState(usualWidth);
  return { plotWidth: width - beside, onResize: setWidth };
}

/** A named place on an axis. */
export interface Tick {
  x: number;
  label: string;
}

/** Width of a letter and least gap between labels, in CSS pixels, at the charts' font size. */
const letter = 6.6;
const gap = 8;

/**
 * The ticks whose labels have room beside each other, from the left; always the first and the last.
 *
 * @param width of the axis in CSS pixels
 * @param scale `Math.log` on a log axis
 */
export function ticksThatFit(ticks: readonly Tick[], width: number, scale = (x: number) => x): number[] {
  const sorted = [...ticks].sort((a, b) => a.x - b.x);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last || first === last) return sorted.map(({ x }) => x);
  const middle = ({ x }: Tick) => ((scale(x) - scale(first.x)) / (scale(last.x) - scale(first.x))) * width;
  const half = ({ label }: Tick) => (label.length * letter) / 2;
  const fits = (a: Tick, b: Tick) => middle(b) - half(b) - (middle(a) + half(a)) >= gap;
  const kept: Tick[] = [first];
  for (const tick of sorted.slice(1, -1)) if (fits(kept.at(-1)!, tick) && fits(tick, last)) kept.push(tick);
  return [...kept, last].map(({ x }) => x);
}
