/** Outlines around (0, 0) with a half width of about 1. */
const outlines = {
  circle: 'M-1 0A1 1 0 1 0 1 0A1 1 0 1 0 -1 0Z',
  square: 'M-.9 -.9H.9V.9H-.9Z',
  triangle: 'M-1.1 .95H1.1L0 -1.1Z',
  diamond: 'M0 -1.25L1.25 0L0 1.25L-1.25 0Z',
  'triangle-down': 'M-1.1 -.95H1.1L0 1.1Z',
  plus: 'M-.4 -1.1H.4V-.4H1.1V.4H.4V1.1H-.4V.4H-1.1V-.4H-.4Z',
  hexagon: 'M-1.1 0L-.55 -.95H.55L1.1 0L.55 .95H-.55Z',
  cross: 'M-1.1 -1.1L0 -.5L1.1 -1.1L.5 0L1.1 1.1L0 .5L-1.1 1.1L-.5 0Z',
} as const;

export type MarkerShape = keyof typeof outlines;

/** A shape and a colour, so that neither is needed to tell markers apart. */
export interface MarkerLook {
  marker: MarkerShape;
  /** A CSS colour. */
  colour: string;
}

interface Props extends MarkerLook {
  /** The centre and half the width, in CSS pixels. */
  cx: number;
  cy: number;
  size?: number;
  /** Drawn as an outline. */
  isHollow?: boolean;
  /** With a dotted outline. */
  isDotted?: boolean;
}

/** One mark of a chart or a legend. */
export function Marker({ marker, colour, cx, cy, size = 4.5, isHollow = false, isDotted = false }: Props) {
  // The scale applies to strokes too.
  const pixel = 1 / size;
  return (
    <path
      d={outlines[marker]}
      transform={`translate(${cx} ${cy}) scale(${size})`}
      fill={isHollow ? 'var(--mantine-color-body)' : colour}
      stroke={colour}
      strokeWidth={(isDotted ? 1.5 : 2) * pixel}
      strokeDasharray={isDotted ? `${2 * pixel} ${2 * pixel}` : undefined}
    />
  );
}
