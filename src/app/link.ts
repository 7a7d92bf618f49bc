import { sha256 as hashOf } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { maxSteps } from '../lab/compress/recipe.ts';
import { templateIds } from '../lab/probe/suite.ts';
import { type Choice, curveId, defaultChoice, levelsOf } from './curve.ts';
import { checkLength, checkModel, checkSteps, checkSuite, nameSchema, parseSteps, stepSchema } from './link-parts.ts';
import { badLink, type LinkedResults, pack, unpack } from './packed.ts';
import { suiteOf } from './shipped.ts';

/** What a link shows beside the controls' choice. */
export interface View {
  relation: string | null;
  probe: number | null;
}

const stateSchema = z.object({
  model: nameSchema.default(defaultChoice.model),
  suite: nameSchema.default(defaultChoice.suite),
  template: z.enum(templateIds).optional(),
  steps: z.array(stepSchema).min(1).max(maxSteps).default(defaultChoice.steps),
  axis: z.coerce.number().int().nonnegative().default(0),
  relation: z.string().max(100).nullable().default(null),
  probe: z.coerce.number().int().nonnegative().nullable().default(null),
});

/** The fragment of a link (without `#`): readable choices, and packed results where they are given. */
export function writeLink(choice: Choice, view: View, results?: LinkedResults): string {
  const fields = new URLSearchParams({
    model: choice.model,
    suite: choice.suite,
    template: choice.template,
    steps: JSON.stringify(choice.steps),
    axis: String(choice.axis),
  });
  if (view.relation !== null) fields.set('relation', view.relation);
  if (view.probe !== null) fields.set('probe', String(view.probe));
  if (results) fields.set('results', pack(results, curveHash(choice)));
  return fields.toString();
}

/**
 * Reads a link's fragment. Every part of it is checked: it comes from anybody.
 *
 * @param fragment with or without `#`; an empty one gives the start page's choice
 * @throws LabError `bad-link` that says what is wrong
 */
export function readLink(fragment: string): { choice: Choice; view: View; results: LinkedResults | null } {
  checkLength(fragment);
  const fields = Object.fromEntries(new URLSearchParams(fragment.replace(/^#/, '')));
  const parsed = stateSchema.safeParse({ ...fields, ...(fields.steps && { steps: parseSteps(fields.steps) }) });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw badLink(`The link cannot be read: ${issue.path.join('.')}: ${issue.message}.`);
  }
  const { relation, probe, template = firstWording(parsed.data.suite), ...rest } = parsed.data;
  const choice: Choice = { ...rest, template };
  const { family } = checkModel(choice.model);
  checkSuite(choice.suite, choice.template);
  if (choice.axis >= choice.steps.length)
    throw badLink(`The link’s curve runs over step ${choice.axis + 1}, which is not there.`);
  checkSteps(choice.steps, family);
  const results = fields.results === undefined ? null : unpack(fields.results, curveHash(choice));
  const most = levelsOf(choice.steps[choice.axis]).length;
  if (results?.levels.some(({ level }) => level >= most)) throw badLink('The link’s results are for other levels.');
  return { choice, view: { relation, probe }, results };
}

/** What a suite is asked as where a link does not say it. The visitor's own suites mostly come as they are. */
const firstWording = (suite: string) => suiteOf(suite)?.wordings[0] ?? 'given';

/** A curve's identity in few letters. */
const curveHash = (choice: Choice) => bytesToHex(hashOf(utf8ToBytes(curveId(choice)))).slice(0, 16);
