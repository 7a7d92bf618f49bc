/** The page's views, in the order of their links. */
export const pageIds = [
  'explore',
  'curves',
  'families',
  'compare',
  'layers',
  'decide',
  'classroom',
  'library',
] as const;
export type PageId = (typeof pageIds)[number];
