import { z } from 'zod';
import { firstPiece } from '../run/chunks.ts';

/** How many questions each result is asked at most, where a view lets one choose; 0 stands for all. */
export const amounts = [firstPiece, 1000, 0] as const;
export type Amount = (typeof amounts)[number];

/** An amount as it stands in a link. */
export const amountField = z
  .union([z.literal('all').transform(() => 0), z.coerce.number()])
  .pipe(z.literal(amounts))
  .default(firstPiece);

export const amountToText = (amount: Amount) => (amount === 0 ? 'all' : amount);
