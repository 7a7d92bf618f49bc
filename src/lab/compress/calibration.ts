import { z } from 'zod';
import type { Calibration } from './method.ts';

/** The parameters of every method that measures activations. Spread them into its schema, last. */
export const calibration = {
  text: z
    .enum(['suite', 'random'])
    .default('suite')
    .meta({
      title: 'Measured on',
      words: { suite: 'texts of the suite', random: 'words drawn at random' },
      description:
        'Texts of the suite in its first wording, or words drawn at random, of which the model knows nothing.',
    }),
  prompts: z.int().min(8).max(2048).default(256).meta({
    title: 'Texts measured',
    description: 'How many texts activations are measured on before anything is compressed.',
  }),
  seed: z
    .int()
    .min(0)
    .max(999_999)
    .default(1)
    .meta({
      title: 'Seed',
      description:
        'Draws the texts from the whole suite. 0 takes the first ones instead, which ask a few relations only: methods ' +
        'then keep what these relations need, and lose more of the rest.',
    }),
};

const schema = z.looseObject(calibration);

/** On which texts a step wants activations measured. */
export function calibrationOf(step: object): Calibration {
  const { text, prompts, seed } = schema.parse(step);
  return { text, prompts, seed };
}
