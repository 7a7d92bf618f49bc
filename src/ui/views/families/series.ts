import type { FamilyId } from '../../../lab/model/site.ts';
import type { Series } from '../../parts/charts/series.tsx';

/** How each family is drawn. */
export const familySeries: Readonly<Record<FamilyId, Series>> = {
  encoder: { id: 'encoder', marker: 'circle', colour: 'var(--lossy-encoder)' },
  'encoder-decoder': {
    id: 'encoder-decoder',
    marker: 'square',
    colour: 'var(--lossy-encoder-decoder)',
    dash: '7 4',
  },
  decoder: { id: 'decoder', marker: 'triangle', colour: 'var(--lossy-decoder)', dash: '2 4' },
};
