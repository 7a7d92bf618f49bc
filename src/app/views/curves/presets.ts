import type { MethodId } from '../../../lab/compress/methods/index.ts';
import type { FamilyId } from '../../../lab/model/site.ts';
import { type Choice, levelsOf, type StepChoice } from '../../recipe/curve.ts';
import type { Question } from '../../recipe/question.ts';
import { modelOf, modelsOf, pickModel, shippedFamilies } from '../../shipped.ts';
import type { By, Horizontal, Vertical } from './axes.ts';
import type { Asks } from './says.ts';

/** One experiment of the paper, as it is run here on the lab's own models. Its words are in `ui/texts/curves.ts`. */
export interface Preset {
  /** The section of the paper. */
  section: string;
  /** The families that it makes sense for; all of them, if not given. */
  families?: readonly FamilyId[];
  by: By;
  /** Which lines, where these follow from the first series. */
  of: readonly string[];
  series: (question: Question) => Choice[];
  /** What the lines are called where each has a series of its own. */
  names?: readonly string[];
  x: Horizontal;
  y: Vertical;
  /** The part of the horizontal axis that the paper looks at; only that is computed. */
  range: readonly [from: number, to: number] | null;
  /** What the run is asked, so that its one sentence follows from the numbers. */
  asks: Asks;
}

const stepOf = (method: MethodId, scope: string, params: StepChoice['params'] = {}): StepChoice => ({
  method,
  scope,
  params,
  level: Math.min(5, levelsOf({ method }).length - 1),
});
const one = (step: StepChoice) => (question: Question) => [{ ...question, steps: [step], axis: 0 }];
const prune = (scope: string) => stepOf('magnitude-global', scope);
const int8 = (scope: string) => stepOf('torch-dynamic-int8', scope);
const usual = { x: 'level', y: 'p1', range: null } as const;
const layers = ['overall', 'attention', 'feed-forward'] as const;

const ofEachFamily = shippedFamilies.map((family) =>
  pickModel(['bert-small', 't5-small', 'gpt-small'], modelsOf(family)),
);

/** The experiments under their ids, which stand in links: never renamed. A new one is an entry here, and its words. */
export const presets = {
  'pruning-layers': {
    ...usual,
    section: '4.1',
    by: 'scope',
    of: layers,
    series: one(prune('overall')),
    asks: { what: 'order', y: 'p1', at: 0.5 },
  },
  'pruning-families': {
    ...usual,
    section: '4.1',
    by: 'model',
    of: ofEachFamily,
    series: one(prune('overall')),
    y: 'kept',
    asks: { what: 'half' },
  },
  'pruning-tasks': {
    ...usual,
    section: '4.1',
    families: ['encoder-decoder', 'decoder'],
    by: 'kind',
    of: ['choice/boolq', 'choice/piqa', 'choice/winogrande'],
    series: one(prune('overall')),
    asks: { what: 'order', y: 'kept', at: 0.5, isWhole: true },
  },
  'pruning-attention': {
    ...usual,
    section: '4.1',
    families: ['encoder-decoder'],
    by: 'scope',
    of: ['encoder-attention', 'decoder-attention', 'cross-attention'],
    series: one(prune('attention')),
    asks: { what: 'order', y: 'p1', at: 0.5 },
  },
  'int8-layers': {
    ...usual,
    section: '4.2',
    by: 'scope',
    of: [...layers, 'decoder'],
    series: one(int8('overall')),
    asks: { what: 'order', y: 'kept', at: 8 },
  },
  'bits-layers': {
    ...usual,
    section: '4.2',
    by: 'scope',
    of: layers,
    series: one(stepOf('rtn', 'overall')),
    asks: { what: 'order', y: 'p1', at: 4 },
  },
  'prune-then-quantize': {
    ...usual,
    section: '4.3',
    by: 'series',
    of: [],
    series: (question) =>
      layers.flatMap((scope) => [
        { ...question, steps: [prune(scope)], axis: 0 },
        { ...question, steps: [prune(scope), { ...int8(scope), level: 1 }], axis: 0 },
      ]),
    names: ['Whole model', 'Attention', 'Feed-forward'].flatMap((name) => [
      `${name}, pruned`,
      `${name}, pruned and rounded`,
    ]),
    range: [0, 0.4],
    asks: { what: 'pairs', y: 'p1', at: 0.4 },
  },
  'last-layer': {
    ...usual,
    section: '4.4',
    by: 'series',
    of: [],
    series: (question) =>
      [
        prune('decoder'),
        stepOf('random', 'decoder'),
        stepOf('rows', 'decoder', { criterion: 'magnitude' }),
        stepOf('rows', 'decoder', { criterion: 'random' }),
      ].map((step) => ({ ...question, steps: [step], axis: 0 })),
    names: ['Smallest weights', 'Weights at random', 'Weakest rows', 'Rows at random'],
    asks: { what: 'order', y: 'p1', at: 0.5 },
  },
} as const satisfies Readonly<Record<string, Preset>>;

export type CurvesPresetId = keyof typeof presets;
export const presetIds = Object.keys(presets) as CurvesPresetId[];
export const presetOf = (id: CurvesPresetId): Preset => presets[id];

/** Whether an experiment makes sense for a model. */
export function isFor(id: CurvesPresetId, model: string): boolean {
  const { families } = presetOf(id);
  const family = modelOf(model)?.family;
  return families === undefined || (family !== undefined && families.includes(family));
}

/** The model that an experiment begins with: this one, or the first that it makes sense for. */
export function modelFor(id: CurvesPresetId, model: string): string {
  if (isFor(id, model)) return model;
  const fitting = (presetOf(id).families ?? shippedFamilies).flatMap(modelsOf);
  return pickModel([], fitting);
}
