import { sha256 as hashOf } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { maxSteps } from '../../../lab/compress/recipe.ts';
import { wordingIds } from '../../../lab/suite/suite.ts';
import {
  checkModel,
  checkSteps,
  checkSuite,
  firstWording,
  nameSchema,
  parseFields,
  stepSchema,
} from '../../link/fields.ts';
import { fromFragment, stepsToText, toFragment } from '../../link/fragment.ts';
import { badLink, type LinkedResults, pack, unpack } from '../../link/link-results.ts';
import { type Choice, curveId, defaultChoice, levelsOf } from '../../recipe/curve.ts';

/** What a link shows beside the controls' choice. */
export interface ExploreFocus {
  relation: string | null;
  probe: number | null;
}

const stateSchema = z.object({
  model: nameSchema.default(defaultChoice.model),
  suite: nameSchema.default(defaultChoice.suite),
  template: z.enum(wordingIds).optional(),
  steps: z.array(stepSchema).min(1).max(maxSteps).default(defaultChoice.steps),
  axis: z.coerce.number().int().nonnegative().default(0),
  relation: z.string().max(100).nullable().default(null),
  probe: z.coerce.number().int().nonnegative().nullable().default(null),
  results: z.string().optional(),
});

/** The fragment of a link (without `#`): readable choices, and packed results where they are given. */
export function writeExploreLink(choice: Choice, view: ExploreFocus, results?: LinkedResults): string {
  const { model, suite, template, steps, axis } = choice;
  return toFragment('explore', {
    model,
    suite,
    template,
    steps: stepsToText(steps),
    axis: axis === 0 ? null : axis,
    ...view,
    results: results && pack(results, curveHash(choice)),
  });
}

/**
 * Reads a link's fragment. Every part of it is checked: it comes from anybody.
 *
 * @param fragment with or without `#`; an empty one gives the start page's choice
 * @throws LabError `bad-link` that says what is wrong
 */
export function readExploreLink(fragment: string): {
  choice: Choice;
  view: ExploreFocus;
  results: LinkedResults | null;
} {
  const parsed = parseFields(stateSchema, fromFragment(fragment));
  const { relation, probe, results: packed, template = firstWording(parsed.suite), ...rest } = parsed;
  const choice: Choice = { ...rest, template };
  const { family } = checkModel(choice.model);
  checkSuite(choice.suite, choice.template);
  if (choice.axis >= choice.steps.length)
    throw badLink(`The link’s curve runs over step ${choice.axis + 1}, which is not there.`);
  checkSteps(choice.steps, family);
  const results = packed === undefined ? null : unpack(packed, curveHash(choice));
  const most = levelsOf(choice.steps[choice.axis]).length;
  if (results?.levels.some(({ level }) => level >= most)) throw badLink('The link’s results are for other levels.');
  return { choice, view: { relation, probe }, results };
}

/** A curve's identity in few letters. */
export const curveHash = (choice: Choice) => bytesToHex(hashOf(utf8ToBytes(curveId(choice)))).slice(0, 16);
