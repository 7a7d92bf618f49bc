/** How each line is drawn: a colour, a dash and a marker of its own, so that no one of them is needed to tell them apart. */
const dashes = [undefined, '7 4', '2 4', '10 3 2 3', '4 2', '12 5', '1 3 6 3', '5 5'] as const;
export const looks = dashes.map((dash, index) => ({ colour: `var(--curves-${index + 1})`, dash }));

/** Markers around (0, 0), for a half width of 1. */
const markers = [
  'M-1 0A1 1 0 1 0 1 0A1 1 0 1 0 -1 0Z',
  'M-.9 -.9H.9V.9H-.9Z',
  'M-1.1 .95H1.1L0 -1.1Z',
  'M0 -1.25L1.25 0L0 1.25L-1.25 0Z',
  'M-1.1 -.95H1.1L0 1.1Z',
  'M-.4 -1.1H.4V-.4H1.1V.4H.4V1.1H-.4V.4H-1.1V-.4H-.4Z',
  'M-1.1 0L-.55 -.95H.55L1.1 0L.55 .95H-.55Z',
  'M-1.1 -1.1L0 -.5L1.1 -1.1L.5 0L1.1 1.1L0 .5L-1.1 1.1L-.5 0Z',
] as const;

interface MarkerProps {
  /** Which line of the list, from 0. */
  line: number;
  cx: number;
  cy: number;
  size?: number;
  /** Not asked to its end. */
  isHollow?: boolean;
}

export function Marker({ line, cx, cy, size = 4.5, isHollow = false }: MarkerProps) {
  const { colour } = looks[line];
  return (
    <path
      d={markers[line]}
      transform={`translate(${cx} ${cy}) scale(${size})`}
      fill={isHollow ? 'var(--mantine-color-body)' : colour}
      stroke={colour}
      strokeWidth={1.8 / size}
    />
  );
}

/** A line and its marker beside its name. */
export function Sample({ line }: { line: number }) {
  const { colour, dash } = looks[line];
  return (
    <svg width={40} height={16} viewBox="0 0 40 16" aria-hidden="true" style={{ flex: 'none' }}>
      <path d="M1 8H39" stroke={colour} strokeWidth={2} strokeDasharray={dash} />
      <Marker line={line} cx={20} cy={8} />
    </svg>
  );
}
