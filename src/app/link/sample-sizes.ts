import { z } from 'zod';
import { firstChunk } from '../chunks.ts';
/** How many questions each result is asked at most, where a view lets one choose; 0 stands for all. */
export const sampleSizes = [firstChunk, 1000, 0] as const;
export type SampleSize = (typeof sampleSizes)[number];

/** An amount as it stands in a link. */
export const sampleSizeField = z
  .union([z.literal('all').transform(() => 0), z.coerce.number()])
  .pipe(z.literal(sampleSizes))
  .default(firstChunk);

export const sampleSizeToText = (amount: SampleSize) => (amount === 0 ? 'all' : amount);
