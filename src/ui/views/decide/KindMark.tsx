import type { Offer } from '../../../app/views/decide/decision.ts';

export const kindColour: Readonly<Record<Offer['kind'], string>> = {
  none: 'var(--mantine-color-text)',
  removed: 'var(--lossy-encoder)',
  rounded: 'var(--lossy-encoder-decoder)',
  mixed: 'var(--lossy-decoder)',
};

interface Props {
  kind: Offer['kind'];
  cx: number;
  cy: number;
  size: number;
  isHollow?: boolean;
}

/** A mark for what a recipe is made of: each with a shape of its own. */
export function KindMark({ kind, cx, cy, size, isHollow = false }: Props) {
  const look = {
    fill: isHollow ? 'var(--mantine-color-body)' : kindColour[kind],
    stroke: kindColour[kind],
    strokeWidth: 2,
  };
  const s = size;
  switch (kind) {
    case 'none':
      return <path d={`M${cx - s},${cy} L${cx},${cy - s * 1.3} L${cx + s},${cy} L${cx},${cy + s * 1.3} Z`} {...look} />;
    case 'removed':
      return <circle cx={cx} cy={cy} r={s} {...look} />;
    case 'rounded':
      return <rect x={cx - s * 0.9} y={cy - s * 0.9} width={s * 1.8} height={s * 1.8} {...look} />;
    case 'mixed':
      return <path d={`M${cx},${cy - s * 1.1} L${cx + s * 1.1},${cy + s} L${cx - s * 1.1},${cy + s} Z`} {...look} />;
  }
}
