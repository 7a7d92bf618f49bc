import { z } from 'zod';
import { parseRecipe, type Recipe } from '../compress/recipe.ts';
import { reportSchema } from '../compress/size.ts';
import { LabError } from '../errors.ts';
import { familyIds } from '../family/index.ts';
import { keptWords, predictionsSchema } from '../probe/predictions.ts';
import { wordingIds } from '../suite/suite.ts';

/** SHA-256 in hexadecimal digits. */
export const hash = z.string().regex(/^[0-9a-f]{64}$/, 'allowed are 64 hexadecimal digits');

const count = z.int().nonnegative();

/** A recipe, made complete and canonical as by {@link parseRecipe}. */
const recipeSchema = z.array(z.unknown()).transform((steps, context): Recipe => {
  try {
    return parseRecipe(steps);
  } catch (error) {
    // Perhaps from a version with other methods. An error thrown by a transform would not count as a failed check.
    context.addIssue(LabError.from(error).message.replace(/\.$/, ''));
    return z.NEVER;
  }
});

/** The last millisecond that a Date can hold: later ones throw wherever they are written. */
const lastMoment = 8.64e15;

/** A result without its answers: what was asked of which model, how far it got, and what the recipe came to. */
export const entrySchema = z.object({
  /** Content key (key.ts). */
  key: z.string(),
  model: z.object({ name: z.string(), sha256: z.string(), family: z.enum(familyIds), parameters: count }),
  suite: z.object({ name: z.string(), sha256: z.string() }),
  template: z.enum(wordingIds),
  recipe: recipeSchema,
  /** The first `asked` probes of the order were asked, of `of`; `hits` of them hit. */
  asked: count,
  of: count,
  hits: count,
  report: reportSchema,
  /** What computed it. */
  backend: z.string(),
  /** How long that took, in seconds. */
  seconds: z.number().nonnegative(),
  /** When the last answers came, in milliseconds since 1970. */
  savedAt: z.number().nonnegative().max(lastMoment, 'there is no such date'),
});
export type ResultEntry = z.infer<typeof entrySchema>;

/** The largest rank: tables have columns of signed 32-bit integers. */
const lowestRank = 2 ** 31 - 1;

/**
 * A result: one model, suite, wording and recipe, with the answers to the first probes of the order, in that order. The
 * cache stores this; JSON and links are encodings of it.
 */
export const resultSchema = z
  .object({ entry: entrySchema, predictions: predictionsSchema })
  .superRefine((result, context) => {
    const fault = faultOf(result);
    if (fault !== null) context.addIssue(fault);
  });
export type Result = z.infer<typeof resultSchema>;

/** How a result contradicts itself, in words; null where it does not. */
export function faultOf({ entry: { asked, of, hits }, predictions }: Result): string | null {
  const { ranks, goldLogProbs, topIds, topLogProbs } = predictions;
  if (asked > of) return `it has ${asked} answers to ${of} questions`;
  const areComplete = ranks.length === asked && goldLogProbs.length === asked;
  if (!areComplete || topIds.length !== asked * keptWords || topLogProbs.length !== topIds.length)
    return `its answers are not those to ${asked} questions`;
  if (ranks.includes(0)) return 'one of its ranks is 0; the first is 1';
  if (ranks.some((rank) => rank > lowestRank)) return `one of its ranks is above ${lowestRank}`;
  const counted = countHits(ranks);
  return counted === hits ? null : `it says ${hits} hits; its answers have ${counted}`;
}

/** How many of these ranks are hits. */
export const countHits = (ranks: Uint32Array): number => ranks.reduce((hits, rank) => hits + (rank === 1 ? 1 : 0), 0);
