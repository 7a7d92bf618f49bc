import { familyWords } from '../../../app/recipe/words.ts';
import type { FamilyId } from '../../../lab/family/index.ts';
import type { Series } from '../../parts/charts/series.tsx';

/** In the order of the families' registry; the last one is for those that follow. */
const looks: readonly Omit<Series, 'id'>[] = [
  { marker: 'circle', colour: 'var(--lossy-encoder)' },
  { marker: 'square', colour: 'var(--lossy-encoder-decoder)', dash: '7 4' },
  { marker: 'triangle', colour: 'var(--lossy-decoder)', dash: '2 4' },
  { marker: 'diamond', colour: 'var(--lossy-other-family)', dash: '10 3 2 3' },
];

/** How each family is drawn. */
export const familySeries = Object.fromEntries(
  familyWords.map(({ id }, place) => [id, { id, ...(looks[place] ?? looks[looks.length - 1]) }]),
) as Readonly<Record<FamilyId, Series>>;
