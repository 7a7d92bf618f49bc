/** What each line is for; `series`: a list of one's own. */
export const bys = ['scope', 'method', 'model', 'relation', 'frequency', 'kind', 'series'] as const;
export type By = (typeof bys)[number];

/** What is to the right: the level of the swept step, bits of a compressed weight, or the whole model's size. */
export const horizontals = ['level', 'bits', 'size'] as const;
export type Horizontal = (typeof horizontals)[number];

/** What is upwards; `kept`: P@1 as a share of the uncompressed model's. */
export const verticals = ['p1', 'p5', 'p10', 'mrr', 'kept'] as const;
export type Vertical = (typeof verticals)[number];
