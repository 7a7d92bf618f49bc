import type { Fate } from './outcome.ts';

/** One dot as draw.ts draws it, for legends and text. */
export function Mark({ fate }: { fate: Fate }) {
  const colour = `var(--lossy-${fate})`;
  const line = { fill: 'none', stroke: colour, strokeWidth: 1.5 };
  return (
    <svg width={12} height={12} viewBox="-6 -6 12 12" aria-hidden="true">
      {fate === 'known' && <circle r={3.6} fill={colour} />}
      {fate === 'forgotten' && <circle r={2.9} {...line} />}
      {fate === 'learned' && <path d="M0-4 4 0 0 4-4 0Z" fill={colour} />}
      {fate === 'never' && <path d="M-2.4-2.4 2.4 2.4M2.4-2.4-2.4 2.4" {...line} />}
      {fate === 'unasked' && <circle r={1.6} fill={colour} />}
    </svg>
  );
}
