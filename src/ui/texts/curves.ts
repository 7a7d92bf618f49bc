import type { By, Horizontal, Vertical } from '../../app/views/curves/axes.ts';
import type { CurvesPresetId } from '../../app/views/curves/presets.ts';

interface PresetWords {
  title: string;
  /** What the paper asked, in our own words. */
  question: string;
  /** What is set, and where it is not as in the paper. */
  sets: string;
  /** What the paper found, as far as it could be read for this page; kept apart from what a run shows. */
  found: string;
}

const paper = 'Namburi et al. 2023';
const notRead = (section: string) =>
  `No number of the paper is quoted here; what it reports on this stands in its section ${section}.`;

const presets: Readonly<Record<CurvesPresetId, PresetWords>> = {
  'pruning-layers': {
    title: 'Removing weights, by layers',
    question: 'How does knowledge fall as weights are removed, and does it matter which layers lose them?',
    sets: 'The smallest weights are removed, with one limit for all chosen layers, 10 to 90 %: of the whole model, of attention, of feed-forward. Shares are of the chosen layers, which differ in size.',
    found: `${paper}, section 4.1: removing weights everywhere hurts most (after a public summary).`,
  },
  'pruning-families': {
    title: 'Removing weights, by family',
    question: 'Do models that are built in different ways forget at the same sparsity?',
    sets: 'The same removal of the smallest weights, 0 to 90 % of the whole model, for one model of each family; upwards stands the share of what each knew before.',
    found: `${paper}, section 4.1: beyond 50 % knowledge falls rapidly in all models (after a public summary). Its models have 12 million to 7 billion parameters.`,
  },
  'pruning-tasks': {
    title: 'Removing weights, by task',
    question: 'Do the decoder’s and the encoder-decoder’s tasks fall together as weights are removed?',
    sets: 'BoolQ, PIQA and WinoGrande shapes about the lab’s own facts, the smallest weights of the whole model removed. Guessing alone gets half of each right, and what was guessed cannot be lost. A first sample is one-sided here, because right answers alternate in these tasks: “Ask everything” gives the numbers that count.',
    found: `${paper} ask the same three tasks in section 4.1. ${notRead('4.1')}`,
  },
  'pruning-attention': {
    title: 'Three kinds of attention',
    question:
      'In a model of two halves, which attention holds the knowledge: the reader’s, the writer’s, or that between them?',
    sets: 'The smallest weights are removed from each of the three kinds of attention of an encoder-decoder, as for the paper’s figure 8.',
    found: notRead('4.1, figure 8'),
  },
  'int8-layers': {
    title: 'Eight bits, by layers',
    question: 'What does rounding to eight bits cost, and in which layers?',
    sets: 'PyTorch’s dynamic int8 on the whole model, attention, feed-forward and the last layer. The paper’s “all layers” holds the last layer too; here it has a line of its own.',
    found: `${paper}, section 4.2: rounding attention generally hurts less than rounding feed-forward (after a public summary).`,
  },
  'bits-layers': {
    title: 'Fewer bits, by layers',
    question: 'How few bits are enough, and does it matter in which layers?',
    sets: 'Rounding to 8 down to 2 bits of the whole model, attention and feed-forward. The method is plain rounding, of which the paper’s int8 is one case.',
    found: `${paper}, abstract: models were rounded to as little as four bits. How was not read for this page.`,
  },
  'prune-then-quantize': {
    title: 'Removing, then rounding',
    question: 'Do the losses of removing weights and of rounding to eight bits add up?',
    sets: 'Up to 40 % of the smallest weights removed, alone and then rounded by dynamic int8, on the whole model, attention and feed-forward. The paper takes 20 % and 40 %, and rounds the last layer too where it rounds all.',
    found: notRead('4.3'),
  },
  'last-layer': {
    title: 'The last layer',
    question: 'How fragile is the layer that turns the result into words?',
    sets: 'Four ways to remove 10 to 90 % of the last layer alone: the smallest weights, weights at random, the weakest rows, rows at random. A row is a word of the vocabulary. Where the layer shares its weights with the word embedding, that one is left as it was: the file then holds both, and grows.',
    found: notRead('4.4'),
  },
};

const by: Readonly<Record<By, string>> = {
  scope: 'layers (scope)',
  method: 'method',
  model: 'model or family',
  relation: 'relation',
  frequency: 'how often trained (frequency)',
  kind: 'kind of question',
  series: 'recipe of its own',
};

const vertical: Readonly<Record<Vertical, { label: string; axis: string; interval: string }>> = {
  p1: {
    label: 'Right at first (P@1)',
    axis: 'Right answer first, P@1',
    interval: '95 % intervals by Wilson.',
  },
  p5: {
    label: 'Among the first 5 (P@5)',
    axis: 'Right answer among the first 5, P@5',
    interval: '95 % intervals by Wilson.',
  },
  p10: {
    label: 'Among the first 10 (P@10)',
    axis: 'Right answer among the first 10, P@10',
    interval: '95 % intervals by Wilson.',
  },
  mrr: {
    label: 'Mean of 1 / place (MRR)',
    axis: 'Mean reciprocal rank, MRR',
    interval: '95 % intervals by Wilson, which for a mean between 0 and 1 are rather too wide than too narrow.',
  },
  kept: {
    label: 'Share of what it knew',
    axis: 'P@1 as a share of the uncompressed model’s',
    interval: '95 % intervals for a ratio of paired shares (Bonett and Price).',
  },
};

const horizontal = {
  level: { label: 'Level', axis: 'How far it is compressed (level)', value: (text: string) => text },
  bits: {
    label: 'Bits a weight',
    axis: 'Bits for each weight of the compressed layers',
    value: (text: string) => `${text}\u00a0bits`,
  },
  size: { label: 'Size', axis: 'Size of the whole model in MB', value: (text: string) => `${text}\u00a0MB` },
} as const satisfies Readonly<Record<Horizontal, { label: string; axis: string; value: (text: string) => string }>>;

/** A share with its interval and how many it rests on, all formatted. */
interface Numbers {
  share: string;
  range: string;
  n: string;
}
const told = ({ share, range, n }: Numbers) => `${share} (${range}, n = ${n})`;

export const curves = {
  askedOf: (n: string) => `n = ${n}`,
  title: 'Accuracy as compression grows',
  lineForEach: 'One line for each',
  by,
  upwards: 'Upwards',
  vertical,
  toTheRight: 'To the right',
  horizontal,
  mixed: 'The lines’ levels mean different things, so that size stands to the right.',
  logX: 'Log axis to the right',
  logY: 'Log axis upwards',
  bands: 'Intervals',
  panels: 'A panel for each line',
  lines: 'Lines',
  absent: 'has no such layers',
  noLines: 'Which lines there are is known when the model was asked once: press “Run”.',
  allOff: 'All lines are switched off.',
  nothing: 'Nothing of this was computed here yet. “Run” asks a first sample of every point.',
  range: 'Part of the horizontal axis that is shown',
  rangeFrom: 'From',
  rangeTo: 'To',
  rangeWords: (from: string, to: string) => `Shown from ${from} to ${to}`,
  rangeComputes: 'Only what is shown is computed.',
  wholeRange: 'Show all',
  hollow: 'Hollow marks are samples that can still grow; pale ones rest on fewer than 30 answers.',
  logNote: 'Zero has no place on a log axis.',
  offer: (results: string, missing: string) =>
    missing === '0'
      ? `All ${results} results have a sample.`
      : `${missing} of ${results} results are missing: a sample of 192 questions each.`,
  more: 'Ask 512 more of each',
  all: 'Ask everything',
  table: 'Points in numbers',
  columns: {
    line: 'Line',
    level: 'Level',
    share: 'Share',
    range: '95 % interval',
    n: 'n',
    bits: 'Bits',
    size: 'MB',
    recipe: 'Recipe',
  },
  noPoints: 'No point was computed yet.',
  uncompressed: 'uncompressed',
  nOf: (n: string, of: string) => (n === of ? n : `${n} of ${of}`),
  interval: (range: string) => `95 % interval ${range}`,
  few: 'few answers',
  presets: 'Experiments of the paper',
  presetsNote: 'Each sets the lines as the paper did, for the lab’s own small models, and says what this run shows.',
  section: (section: string) => `Section ${section}`,
  asked: 'The paper asked',
  setsHead: 'What is set',
  shows: 'This run shows',
  foundHead: 'The paper found',
  preset: presets,
  which: 'Which lines',
  whichList: 'Lines to choose from',
  whichNote: (most: number) => `Up to ${most}.`,
  compression: 'How it is compressed',
  lineToChange: 'Line to change',
  lineName: (letter: string, label: string) => `${letter.toUpperCase()}: ${label}`,
  addLine: 'Add a line',
  removeLine: 'Remove this line',
  step: (number: number, of: number) => (of === 1 ? 'The step' : `Step ${number} of ${of}`),
  swept: 'The curve runs over this step.',
  sweep: 'Let the curve run over this step',
  addStep: 'Add a step',
  removeStep: (number: number) => `Remove step ${number}`,
  nWords: (least: string, most: string) => (least === most ? `n = ${most} a point` : `n = ${least} to ${most} a point`),
  says: {
    missing: (missing: string) =>
      `Nothing yet: ${missing} of the numbers it takes were not computed, or not to their end where that is needed.`,
    apart: (at: string, most: string, m: Numbers, least: string, l: Numbers, others: number) =>
      `At ${at}, “${most}” keeps most, ${told(m)}, and “${least}” least, ${told(l)}${others > 0 ? '; what is between them is not ranked' : ''}.`,
    alike: (at: string, all: readonly (Numbers & { line: string })[]) =>
      `At ${at} the lines are not distinguishable: ${all.map(({ line, ...numbers }) => `“${line}” ${told(numbers)}`).join(', ')}; their intervals overlap.`,
    half: (lines: readonly { line: string; at: string; isLost: boolean; numbers: Numbers }[]) =>
      `${lines
        .map(({ line, at, isLost, numbers }) =>
          isLost
            ? `“${line}” has lost more than half of what it knew at ${at}, with ${told(numbers)} left`
            : `“${line}” has not surely lost half up to ${at}, with ${told(numbers)} left`,
        )
        .join('; ')}.`,
    pairs: (
      at: string,
      pairs: readonly { first: string; second: string; f: Numbers; s: Numbers; how: 'below' | 'above' | 'alike' }[],
    ) =>
      `At ${at}: ${pairs
        .map(({ first, second, f, s, how }) => {
          const both = `“${first}” ${told(f)} and “${second}” ${told(s)}`;
          return how === 'alike' ? `${both} are not distinguishable` : `of ${both} the second is ${how} the first`;
        })
        .join('; ')}.`,
  },
};
