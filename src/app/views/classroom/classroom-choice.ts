import { base64urlnopad } from '@scure/base';
import { deflateSync } from 'fflate';
import { z } from 'zod';
import { ByteReader, ByteWriter } from '../../../lab/result/bytes.ts';
import { parseFields } from '../../link/fields.ts';
import { fromFragment, toFragment } from '../../link/fragment.ts';
import { badLink, inflate, type LinkedResults, misfit, pack, unpack } from '../../link/link-results.ts';
import { type Choice, defaultChoice, levelsOf, type StepChoice } from '../../recipe/curve.ts';
import type { Question } from '../../recipe/question.ts';
import { curveHash } from '../explore/explore-link.ts';

/** What a lesson goes through, in its order: the guess, and six steps of a story. */
export const screens = ['guess', 'know', 'prune', 'small', 'rare', 'bits', 'same'] as const;
export type Screen = (typeof screens)[number];

/** All that the controls of the classroom choose: what its link carries. */
export interface ClassroomChoice {
  screen: Screen;
  /** What the learner expects of each level but the uncompressed one, in percent; null where nothing is drawn. */
  guess: readonly (number | null)[];
  /** Whether what happened is shown over the guess. */
  isShown: boolean;
  /** Large type and keys, for a projector. */
  isPresenting: boolean;
}

/** A lesson's results within a link. */
export interface ClassResults {
  prune: LinkedResults;
  bits: LinkedResults | null;
  /** How often the training stated each fact, in the order of asking; -1 where that is not known. */
  often: Int32Array | null;
}

/** A class loads one small model, and asks it the facts in the words of its training. */
const { model, suite, template } = defaultChoice;
export const question: Question = { model, suite, template };

export const pruneStep: StepChoice = { ...defaultChoice.steps[0], level: 0 };
export const bitsStep: StepChoice = { method: 'rtn', scope: 'overall', params: {}, level: 0 };

/** How many levels are guessed. */
export const guessed = levelsOf(pruneStep).length - 1;

export const defaultClassroom: ClassroomChoice = {
  screen: 'guess',
  guess: Array<null>(guessed).fill(null),
  isShown: false,
  isPresenting: false,
};

const flag = z
  .enum(['0', '1'])
  .default('0')
  .transform((value) => value === '1');
const schema = z.object({
  screen: z.enum(screens).default('guess'),
  guess: z
    .string()
    .default('')
    .transform((text) => (text === '' ? defaultClassroom.guess : text.split(',').map(toGuess)))
    .pipe(z.array(z.int().min(0).max(100).nullable()).length(guessed)),
  shown: flag,
  present: flag,
  results: z.string().optional(),
  bits: z.string().optional(),
  often: z.string().optional(),
});

const toGuess = (text: string) => (text === '-' ? null : /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN);

const hashOf = (step: StepChoice) => curveHash({ ...question, steps: [step], axis: 0 } satisfies Choice);

/** The fragment of a link to the classroom (without `#`), with the lesson's results where they are given. */
export function writeClassroomLink(choice: ClassroomChoice, results?: ClassResults | null): string {
  const { screen, guess, isShown, isPresenting } = choice;
  const isDrawn = guess.some((value) => value !== null);
  return toFragment('classroom', {
    screen,
    guess: isDrawn ? guess.map((value) => value ?? '-').join(',') : null,
    shown: isShown ? 1 : null,
    present: isPresenting ? 1 : null,
    results: results && pack(results.prune, hashOf(pruneStep)),
    bits: results?.bits && pack(results.bits, hashOf(bitsStep)),
    often: results?.often && packOften(results.often),
  });
}

/**
 * Reads a link to the classroom. Every part of it is checked: it comes from anybody.
 *
 * @throws LabError `bad-link` that says what is wrong
 */
export function readClassroomLink(fragment: string): { choice: ClassroomChoice; results: ClassResults | null } {
  const parsed = parseFields(schema, fromFragment(fragment));
  const { screen, guess, shown, present } = parsed;
  const choice = { screen, guess, isShown: shown, isPresenting: present };
  if (parsed.results === undefined) return { choice, results: null };
  const prune = readLevels(parsed.results, pruneStep);
  const bits = parsed.bits === undefined ? null : readLevels(parsed.bits, bitsStep);
  const sizes = ({ relations }: LinkedResults) => relations.map(({ id, probes }) => `${id} ${probes}`).join();
  // They are compared fact by fact.
  if (bits && (bits.model.sha256 !== prune.model.sha256 || sizes(bits) !== sizes(prune)))
    throw badLink('The link’s two curves are not of the same questions.');
  const often = parsed.often === undefined ? null : readOften(parsed.often, prune);
  return { choice, results: { prune, bits, often } };
}

function readLevels(packed: string, step: StepChoice): LinkedResults {
  const results = unpack(packed, hashOf(step));
  if (results.levels.some(({ level }) => level >= levelsOf(step).length))
    throw badLink('The link’s results are for other levels.');
  return results;
}

function packOften(often: Int32Array): string {
  const writer = new ByteWriter();
  for (const times of often) writer.number(times + 1);
  return base64urlnopad.encode(deflateSync(writer.done(), { level: 9 }));
}

function readOften(packed: string, { relations }: LinkedResults): Int32Array {
  const reader = new ByteReader(inflate(packed), 0, misfit);
  const most = relations.reduce((sum, { probes }) => sum + probes, 0);
  const often: number[] = [];
  while (!reader.isAtEnd) {
    const times = reader.number() - 1;
    if (often.length === most || times > 1_000_000_000) throw misfit();
    often.push(times);
  }
  return Int32Array.from(often);
}
