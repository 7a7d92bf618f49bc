/**
 * The page's views in the order of their links. A view is one entry here, `src/app/views/<id>/view.ts` (what it does)
 * and `src/ui/views/<id>/index.ts` (what it shows).
 */
export const viewList = [
  {
    id: 'explore',
    label: 'Explore',
    title: 'Lossy: what does a language model forget when you compress it?',
  },
  { id: 'curves', label: 'Curves', title: 'Lossy: how accuracy falls, curve by curve' },
  { id: 'families', label: 'Families', title: 'Lossy: which kind of language model forgets most?' },
  { id: 'compare', label: 'Compare', title: 'Lossy: same size, different facts' },
  { id: 'layers', label: 'Layers', title: 'Lossy: which layers hold the facts?' },
  { id: 'decide', label: 'Decide', title: 'Lossy: how far can this model be compressed?' },
  { id: 'classroom', label: 'Classroom', title: 'Lossy in the classroom' },
  { id: 'library', label: 'Library', title: 'Lossy: everything that was computed here' },
] as const;

export type ViewId = (typeof viewList)[number]['id'];

export const viewIds: readonly ViewId[] = viewList.map(({ id }) => id);
