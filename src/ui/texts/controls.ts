import { type Phrase, term } from './phrase.ts';

type Kind = 'prune' | 'quantize' | 'low-rank';
const kindTerms = { prune: 'pruning', quantize: 'quantization', 'low-rank': 'low-rank' } as const;

/** The sliders. */
export const levelSlider = {
  step: (number: number) => ` (step ${number}`,
  method: (name: string) => `: ${name}`,
  end: (isAxis: boolean) => (isAxis ? ', on the curve)' : ')'),
};

/** The list of methods. */
export const methodPicker = {
  search: 'Search methods',
  example: 'Search: Wanda, NF4, low rank …',
  list: 'Methods',
  heading: (label: string) => `${label} `,
  headingTerm: (term: string) => `(${term})`,
  nothing: 'No method has these words.',
};

/** What a step needs from texts before it runs; by what is measured. */
const costs: Readonly<Record<'nothing' | 'norms' | 'gram', Phrase>> = {
  nothing: ['It looks at the weights alone: nothing is measured first.'],
  norms: ['First it asks a few texts, to measure how strong each input is (', term('calibration', 'calibration'), ').'],
  gram: ['First it asks a few texts, to measure how inputs go together (', term('calibration', 'calibration'), ').'],
};

/** The choices of one step. */
export const stepFields = {
  method: 'Method',
  methodNow: (label: string) => `Method: ${label}`,
  inTerms: (kind: Kind, name: string): Phrase => ['In the field’s terms: ', term(kindTerms[kind], name), '. '],
  costs,
  scope: 'Applied to',
  scopeTerm: '(scope)',
  calibration: 'Calibration: what it measures first',
  impossible: 'Not possible like this: what worked last stays in effect.',
  takeBack: 'Take it back',
  /** A number that has no value while its step is left out. */
  off: 'off',
  groupSize: 'Inputs in a group',
  usual: (sizes: readonly string[]) => `Usual are ${sizes.join(', ')}.`,
};

/** The recipe as a list of steps. */
export const steps = {
  title: 'How it is compressed',
  list: 'Steps of the recipe',
  add: 'Add a step',
  most: (most: number) => `A recipe has at most ${most} steps.`,
  number: (number: number) => `Step ${number}: `,
  settings: (number: number) => `Settings of step ${number}`,
  up: (number: number) => `Move step ${number} up`,
  down: (number: number) => `Move step ${number} down`,
  copy: (number: number) => `Copy step ${number}`,
  remove: (number: number) => `Remove step ${number}`,
  moved: (name: string, number: number, of: number) => `${name}: now step ${number} of ${of}.`,
  removed: (name: string, number: number, left: number) =>
    `Step ${number}, ${name}, was removed. ${left === 1 ? 'One step is left' : `${left} steps are left`}.`,
  copied: (number: number, copy: number, of: number) => `Step ${number} was copied: the copy is step ${copy} of ${of}.`,
  added: (name: string, number: number) => `${name}: added as step ${number} of ${number}.`,
  covers: (covered: number, of: number) => `Covers ${covered} of ${of} linear layers.`,
  leftAlone: (count: number) => ` Left alone: ${count}.`,
};
