import { z } from 'zod';

/** The parameter of methods that draw lots. */
export const seed = z.int().min(0).max(999_999).default(1).meta({
  title: 'Seed',
  description: 'Where the lots begin: the same seed draws the same, on every machine.',
});
