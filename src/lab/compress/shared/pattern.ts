import { z } from 'zod';
import type { Axis } from '../method.ts';

/** The parameters of a method that keeps n of every m weights; {@link patternRule} goes with them. */
export const patternShape = {
  n: z.int().min(1).max(64).default(2).meta({
    title: 'Weights kept',
    description: 'How many weights of each group stay; at most the group size.',
  }),
  m: z.int().min(2).max(64).default(4).meta({
    title: 'Group size',
    description: 'How many consecutive inputs of an output row make a group.',
  }),
};

/** For a schema's refine: what must hold between them. */
export const patternFits = ({ n, m }: { n: number; m: number }) => n <= m;
export const patternRule = { path: ['n'], error: 'a whole number from 1 to m, the group size' };

/** 3, 2 and 1 of 4. */
export const patternAxis: Axis = {
  label: 'Weights removed',
  unit: 'share',
  levels: [3, 2, 1].map((kept) => ({ label: `${kept} of 4`, value: 1 - kept / 4, params: { n: kept, m: 4 } })),
};
