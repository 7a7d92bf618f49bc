import { z } from 'zod';
import { isMethodId } from '../../../lab/compress/methods/index.ts';
import { maxSteps } from '../../../lab/compress/recipe.ts';
import { isScopeId } from '../../../lab/compress/scope.ts';
import { wordingIds } from '../../../lab/suite/suite.ts';
import {
  checkModel,
  checkSteps,
  checkSuite,
  nameSchema,
  parseFields,
  questionFields,
  readQuestion,
  stepSchema,
} from '../../link/fields.ts';
import { fromFragment, stepsFromText, stepsToText, toFragment } from '../../link/fragment.ts';
import { badLink } from '../../link/link-results.ts';
import { type Choice, defaultChoice } from '../../recipe/curve.ts';
import type { Question } from '../../recipe/question.ts';
import { modelOf } from '../../shipped.ts';
import { type By, bys, type Horizontal, horizontals, type Vertical, verticals } from './axes.ts';
import { isKind } from './kinds.ts';
import { type CurvesPresetId, isFor, modelFor, presetIds, presetOf } from './presets.ts';

/** More lines than this cannot be told apart. */
export const mostLines = 8;
const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
/** What a series of one's own is called in links. */
export const letterOf = (index: number): string => letters[index];

/** How the lines are looked at: changes nothing that is computed but the range. */
export interface Look {
  x: Horizontal;
  y: Vertical;
  logX: boolean;
  logY: boolean;
  bands: boolean;
  /** One panel for each line. */
  panels: boolean;
  /** The part of the horizontal axis that is shown; null: all of it. */
  range: readonly [from: number, to: number] | null;
  /** Lines that are switched off, by id. */
  off: readonly string[];
}

/** All that the view's controls choose: what its link carries. */
export interface CurvesChoice extends Look {
  /** The paper's experiment, while the lines are as it sets them. */
  preset: CurvesPresetId | null;
  /** All lines where each has a series of its own; otherwise the first, from which they follow. */
  series: readonly Choice[];
  by: By;
  /** Which lines follow from the first series; empty: the usual ones. */
  of: readonly string[];
}

const look: Look = {
  x: 'level',
  y: 'p1',
  logX: false,
  logY: false,
  bands: true,
  panels: false,
  range: null,
  off: [],
};

/** What the view begins with, for a question. */
export const curvesOf = (question: Question): CurvesChoice => ({
  ...look,
  preset: null,
  series: [{ ...defaultChoice, ...question }],
  by: 'scope',
  of: [],
});

export const defaultCurves = curvesOf(defaultChoice);

/** An experiment of the paper, asked of a model that it makes sense for. */
export function presetChoice(id: CurvesPresetId, question: Question): CurvesChoice {
  const { by, of, series, x, y, range } = presetOf(id);
  const fitting = { ...question, model: modelFor(id, question.model) };
  return { ...look, preset: id, series: series(fitting), by, of, x, y, range };
}

const flag = z
  .enum(['0', '1'])
  .transform((text) => text === '1')
  .optional();
const rangeText = z
  .string()
  .transform((text, context): Look['range'] => {
    if (text === 'all') return null;
    const ends = text.split(',').map((end) => (end.trim() === '' ? Number.NaN : Number(end)));
    if (ends.length === 2 && ends.every(Number.isFinite) && ends[0] <= ends[1]) return [ends[0], ends[1]];
    context.addIssue('is no range');
    return z.NEVER;
  })
  .optional();
const list = z
  .string()
  .transform((text, context) => {
    try {
      return text === '' ? [] : text.split(',').map(decodeURIComponent);
    } catch {
      context.addIssue('cannot be read');
      return z.NEVER;
    }
  })
  .pipe(z.array(z.string().min(1).max(200)).max(mostLines))
  .refine((ids) => new Set(ids).size === ids.length, 'names something twice')
  .optional();

const schema = z.object({
  preset: z.enum(presetIds).optional(),
  ...questionFields,
  ...(Object.fromEntries(letters.map((letter) => [letter, z.string().optional()])) as Record<
    (typeof letters)[number],
    z.ZodOptional<z.ZodString>
  >),
  by: z.enum(bys).optional(),
  of: list,
  x: z.enum(horizontals).optional(),
  y: z.enum(verticals).optional(),
  logx: flag,
  logy: flag,
  bands: flag,
  panels: flag,
  range: rangeText,
  off: list,
});

const seriesSchema = z.object({
  model: nameSchema,
  suite: nameSchema,
  template: z.enum(wordingIds),
  axis: z.int().min(0),
  steps: z.array(stepSchema).min(1).max(maxSteps),
});

/** A series in a link: `bert-mini/facts/seen/1/magnitude-global,overall,5`, the step that the curve runs over counted from 1. */
const seriesToText = ({ model, suite, template, steps, axis }: Choice) =>
  `${model}/${suite}/${template}/${axis + 1}/${stepsToText(steps)}`;

function seriesFromText(text: string): Choice {
  const [model, suite, template, axis, ...steps] = text.split('/');
  const series = parseFields(seriesSchema, {
    model,
    suite,
    template,
    axis: /^\d$/.test(axis ?? '') ? Number(axis) - 1 : Number.NaN,
    steps: stepsFromText(steps.join('/')),
  });
  const { family } = checkModel(series.model);
  checkSuite(series.suite, series.template);
  checkSteps(series.steps, family);
  if (series.axis >= series.steps.length) throw badLink('The link lets a curve run over a step that is not there.');
  return series;
}

const listed = (ids: readonly string[]) => ids.map(encodeURIComponent).join(',');
const flagOf = (is: boolean, usually: boolean) => (is === usually ? null : Number(is));

/** The fragment of a link to the curves (without `#`). */
export function writeCurvesLink(choice: CurvesChoice): string {
  const { preset, series, by, of, x, y, logX, logY, bands, panels, range, off } = choice;
  const { model, suite, template } = series[0];
  const lines =
    preset === null
      ? {
          ...Object.fromEntries(series.map((entry, index) => [letters[index], seriesToText(entry)])),
          by,
          of: of.length === 0 ? null : listed(of),
        }
      : { preset, model, suite, template };
  return toFragment('curves', {
    ...lines,
    x,
    y,
    logx: flagOf(logX, false),
    logy: flagOf(logY, false),
    bands: flagOf(bands, true),
    panels: flagOf(panels, false),
    range: range === null ? (preset === null ? null : 'all') : range.join(','),
    off: off.length === 0 ? null : listed(off),
  });
}

/**
 * Reads a link to the curves. Every part of it is checked: it comes from anybody.
 *
 * @param subject what a link asks that does not say it
 * @throws LabError `bad-link` that says what is wrong
 */
export function readCurvesLink(fragment: string, subject: Question): CurvesChoice {
  const fields = parseFields(schema, fromFragment(fragment));
  const own = letters.flatMap((letter) => (fields[letter] === undefined ? [] : [seriesFromText(fields[letter])]));
  const { preset, x, y, bands = true, panels = false, logx = false, logy = false } = fields;
  const { question } = readQuestion(fields, subject);
  if (preset !== undefined) {
    if (own.length > 0 || fields.by || fields.of)
      throw badLink('The link names an experiment and lines of its own: it can have one of them.');
    if (fields.model !== undefined && !isFor(preset, fields.model))
      throw badLink(`The link asks ${fields.model} the experiment ${preset}, which is not for such models.`);
  }
  const base = preset === undefined ? curvesOf(question) : presetChoice(preset, question);
  const by = fields.by ?? (own.length > 1 ? 'series' : base.by);
  const of = fields.of ?? base.of;
  if (by !== 'series' && own.length > 1)
    throw badLink(`The link has ${own.length} series and one line for each ${by}.`);
  for (const id of of) checkLine(by, id);
  return {
    ...base,
    series: own.length > 0 ? own : base.series,
    by,
    of,
    x: x ?? base.x,
    y: y ?? base.y,
    logX: logx,
    logY: logy,
    bands,
    panels,
    range: fields.range === undefined ? base.range : fields.range,
    off: fields.off ?? [],
  };
}

/** What a line can be for, where that is known beforehand. Relations and frequencies are the suite's. */
const lineChecks: Partial<Readonly<Record<By, (id: string) => boolean>>> = {
  scope: isScopeId,
  method: isMethodId,
  model: (id) => modelOf(id) !== undefined,
  kind: isKind,
  series: () => false,
};

function checkLine(by: By, id: string): void {
  if (lineChecks[by]?.(id) === false) throw badLink(`The link has a line for the ${by} ${id}, which there is not.`);
}
