import type { Offer } from '../../../app/views/decide/decision.ts';
import type { MarkerLook } from '../../parts/charts/Marker.tsx';

/** How offers are drawn, by what their recipes do. */
export const kindMarks: Readonly<Record<Offer['kind'], MarkerLook>> = {
  none: { marker: 'diamond', colour: 'var(--mantine-color-text)' },
  removed: { marker: 'circle', colour: 'var(--lossy-encoder)' },
  rounded: { marker: 'square', colour: 'var(--lossy-encoder-decoder)' },
  mixed: { marker: 'triangle', colour: 'var(--lossy-decoder)' },
};
