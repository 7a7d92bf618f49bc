import type { Grouping, Measure } from '../../app/views/families/families-choice.ts';
import { type Phrase, strong, term } from './phrase.ts';

/** What is asked: facts, or a task's questions. */
export type Noun = 'facts' | 'questions';

/** "a, b and c" */
const listed = (names: readonly string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** What a figure is, plain words first. */
const measures: Readonly<Record<Measure, (noun: Noun) => string>> = {
  relative: () =>
    'accuracy (P@1) as a share of the same model’s accuracy before compression; what is missing to 100 % is the drop, 100 · (before − after) / before',
  absolute: (noun) => `accuracy (P@1), the share of all ${noun} that it answers right`,
};

/** How the interval was made. */
const intervals: Readonly<Record<Measure, string>> = {
  relative: 'Bands are 95 % intervals of a ratio of paired shares, from Wilson intervals (Bonett and Price 2006).',
  absolute: 'Bands are 95 % Wilson intervals.',
};

/** The view's frame. */
export const families = { compression: 'Compression' };

interface Share {
  /** The family, with its article. */
  family: string;
  share: string;
}

interface Interval {
  family: string;
  range: string;
  n: string;
}

/** What the level means. */
export const familiesSentence = {
  first:
    'Three kinds of language models learned the same facts. Compress all of them alike, and see which one forgets most.',
  the: (family: string) => `the ${family}`,
  /** The shares of all families; the recipe in words, null for the uncompressed models. */
  shares: (recipe: string | null, shares: readonly Share[], ofWhat: string): Phrase => [
    `${recipe === null ? 'Uncompressed' : `With ${recipe}`} `,
    ...shares.flatMap(({ family, share }, index) => [
      index === 0 ? '' : index === shares.length - 1 ? ' and ' : ', ',
      `${family} `,
      index === 0 ? `${recipe === null ? '' : 'still '}knows ` : '',
      strong(share),
      index === 0 ? ofWhat : '',
    ]),
    '.',
  ],
  ranks: (most: string, least: string) => ` Most is left to ${most}, least to ${least}.`,
  overlap: ' The intervals overlap: that says not yet who forgets most.',
  note: (intervals: readonly Interval[]): Phrase => [
    term('p-at-1', 'P@1'),
    ', ',
    term('interval', '95 % intervals'),
    ': ',
    ...intervals.flatMap(({ family, range, n }, index) => [
      `${index === 0 ? '' : '; '}${family} ${range}, `,
      index === 0 ? term('n', 'n') : 'n',
      ` = ${n}`,
    ]),
    '.',
  ],
};

/** The curves of all families over each other. */
export const familiesCurve = {
  title: 'What is left, family by family',
  axis: 'Vertical axis',
  measures: (noun: Noun): Readonly<Record<Measure, string>> => ({
    relative: 'Share of what it knew',
    absolute: `Share of all ${noun}`,
  }),
  legend: 'Models',
  absent: ': has no such layers, so it has no curve here',
  knows: (share: string, n: string) => `: knows ${share} uncompressed, n = ${n}`,
  note: (measure: Measure, noun: Noun) =>
    `Upwards: ${measures[measure](noun)}. ${intervals[measure]} Hollow marks are samples that still grow.`,
  axisOf: (measure: Measure, noun: Noun) => measures[measure](noun),
  /** What a point says when it is pointed at. */
  point: (name: string, share: string, range: string, n: string): Phrase => [
    `${name}: `,
    strong(share),
    ` (${range}), n = ${n}`,
  ],
};

interface GroupingTexts {
  label: string;
  /** What the rows are. */
  head: string;
  help: Phrase;
  nothing: string;
}

const groupings: Readonly<Record<Grouping, GroupingTexts>> = {
  frequency: {
    label: 'How often trained',
    head: 'Sentences a pass',
    help: [
      'Facts by how many sentences of one pass of the training state them, drawn by lot: a controlled experiment. Those of several objects count together, in the next lower group.',
    ],
    nothing: 'Of these questions it is not known how often the training stated them.',
  },
  relation: {
    label: 'Relation',
    head: 'Relation',
    help: ['Each relation or task by itself, those with most forgotten first.'],
    nothing: 'The relations appear as soon as the models are loaded.',
  },
  cardinality: {
    label: 'How many answers',
    head: 'Cardinality',
    help: ['Relations by how many objects a subject has, and how many subjects an object.'],
    nothing: 'Of these questions it is not known how many answers they have.',
  },
  kind: {
    label: 'Kind of question',
    head: 'Kind of question',
    help: [
      'The same models asked otherwise: facts of the training in its words and in others, facts that it never stated (',
      term('held-out', 'held-out'),
      '), and the tasks, where guessing is right now and then, too. This is asked when you want it: at first a sample.',
    ],
    nothing: 'Not asked yet.',
  },
};

/** One level's figures, split by a property of the questions. */
export const familiesGroups = {
  title: (level: string) => `Who forgets what, at ${level}`,
  splitBy: 'Split by',
  groupings,
  ask: (isFirst: boolean) => (isFirst ? 'Ask a sample of every kind' : 'Ask more of every kind'),
  frequencyAxis: 'Sentences of one pass of the training that state the fact (each step doubles)',
  note: (grouping: Grouping, measure: Measure, noun: Noun, n: string | null, few: number) =>
    `${grouping === 'frequency' ? 'Upwards' : 'To the right'}: ${measures[measure](noun)}. ${intervals[measure]} ${
      n === null ? '' : `n = ${n} answers a mark. `
    }Pale marks rest on fewer than ${few} answers and say little.`,
  plot: 'Figures by group',
  row: (group: string, words: string) => `${group}: ${words}`,
  figure: (family: string, share: string, n: string) => `${family} ${share} %, n = ${n}`,
  table: (head: string) => `By ${head}, table`,
  cell: (share: string) => `${share} % `,
  cellNote: (low: string, high: string, drop: string | null, n: string, isFew: boolean) =>
    `(${low} to ${high} %)${drop === null ? '' : `, drop ${drop} %`}, n = ${n}${isFew ? ', few' : ''}`,
  unknown: '…',
};

/** What is compared. */
export const familiesControls = {
  questions: 'Questions',
  suite: 'Asked to all of them',
  wording: 'Asked',
  models: 'Models',
  model: (title: string, parameters: string) => `${title} (${parameters})`,
  compression: 'How all are compressed',
  absent: (families: readonly string[]) =>
    `Models of the kind ${listed(families)} have no such layers: they have no curve here.`,
};

/** Where the models come from. */
export const familiesSource = {
  models: 'The models: how they were trained, and their licences',
  skipped: (family: string, reason: string) => `${family}: ${reason}`,
  noLicence: 'not stated',
};
