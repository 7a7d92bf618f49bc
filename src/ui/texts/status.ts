import { type Phrase, strong, term } from './phrase.ts';

const asking = {
  facts: { does: 'knows', did: 'knew', noun: 'facts', right: '' },
  questions: { does: 'answers', did: 'got', noun: 'questions', right: ' right' },
};

/** What the model is asked. */
export type AskedWords = keyof typeof asking;

/** How a sentence begins: with the recipe, in words; null for the uncompressed model. */
const beginning = (recipe: string | null) => (recipe === null ? 'Uncompressed' : `With ${recipe}`);

/** What the uncompressed model knows, for a level that is compressed. */
const before = (asked: AskedWords, share: string | null) =>
  share === null ? '' : `; before compression it ${asking[asked].did} ${share}`;

interface Named {
  label: string;
  share: string;
}

/** What Explore's level means, in words. */
export const sentence = {
  first: 'A language model knows facts. Move the slider to compress it, and watch which ones it forgets.',
  firstNote: 'The first numbers come as soon as the model is loaded and some of the questions are asked.',
  computed: (asked: AskedWords, recipe: string | null, share: string, was: string | null): Phrase => {
    const { does, noun, right } = asking[asked];
    return [`${beginning(recipe)} the model ${does} `, strong(share), ` of the ${noun}${right}${before(asked, was)}.`];
  },
  shareOf: (share: string, n: string) => `${share} (n = ${n})`,
  extremes: (worst: Named, best: Named): Phrase => [
    ' Worst is ',
    strong(worst.label),
    ` (${worst.share}), best `,
    strong(best.label),
    ` (${best.share}).`,
  ],
  computedNote: (
    asked: AskedWords,
    { n, of, range, isFromLink }: { n: string; of: string | null; range: string; isFromLink: boolean },
  ): Phrase => {
    const { noun } = asking[asked];
    return [
      term('p-at-1', 'P@1'),
      ', ',
      term('n', 'n'),
      ` = ${n}${of === null ? ` ${noun}` : ` of ${of} ${noun} so far, a stratified sample`}; `,
      term('interval', '95 % interval'),
      ` ${range}${isFromLink ? '; from the link' : ''}.`,
    ];
  },
  estimated: (
    asked: AskedWords,
    recipe: string | null,
    share: string,
    neighbours: number,
    was: string | null,
  ): Phrase => {
    const { does, noun, right } = asking[asked];
    const from = neighbours > 1 ? 'neighbouring levels' : 'a neighbouring level';
    return [
      `${beginning(recipe)} the model ${does} `,
      strong(share),
      ` of the ${noun}${right} (estimated from ${from})${before(asked, was)}.`,
    ];
  },
  estimatedNote: (from: string, range: string): Phrase => [term('p-at-1', 'P@1'), `, ${from}; interval ${range}.`],
  unknown: (asked: AskedWords, recipe: string | null, was: string): Phrase => {
    const { did, noun, right } = asking[asked];
    return [
      `${beginning(recipe)}: not known yet. Before compression the model ${did} `,
      strong(was),
      ` of the ${noun}${right}.`,
    ];
  },
  unknownNote: 'No level of this curve was asked yet, so that there is nothing to estimate it from.',
};

/** The level's numbers, each with how it was made. */
export const numbers = {
  title: 'In numbers',
  unknown: '…',
  accuracy: 'Accuracy',
  precision: (k: number) => `P@${k}`,
  hits: (hits: string, of: string, range: string) => `${hits} of ${of}; ${range}`,
  estimated: (range: string) => `estimated; ${range}`,
  chance: 'By chance',
  chanceNote: 'mean of 1 / options, where there are options',
  mrr: 'MRR',
  mrrNote: (n: string | null) => (n === null ? 'mean of 1 / rank' : `mean of 1 / rank, n = ${n}`),
  macro: (asked: AskedWords) => (asked === 'questions' ? 'Macro accuracy' : 'Macro P@1'),
  macroNote: (asked: AskedWords, range: string, isEstimated: boolean) =>
    `mean over ${asked === 'questions' ? 'tasks' : 'relations'}${isEstimated ? ', estimated' : ''}; ${range}`,
  sparsity: [term('sparsity', 'Sparsity')] satisfies Phrase,
  sparsityNote: 'zeros in the layers that were touched',
  bits: [term('bits', 'Bits per weight')] satisfies Phrase,
  bitsNote: 'scales and zero points counted',
  size: 'Size',
  sizeNote: 'whole model, smallest layout for each layer',
  snr: [term('snr', 'Signal to noise')] satisfies Phrase,
  snrValue: (decibels: string) => `${decibels} dB`,
  snrNote: 'of the touched weights',
};

/** What the whole model takes in each layout. */
export const sizes = {
  title: 'Size in every layout',
  layout: 'Layout',
  model: 'Whole model',
  share: 'of the file',
};

/** What came with a link. */
export const linkNote = {
  title: (isCompared: boolean) => (isCompared ? 'Compared with the link' : 'These results are from the link'),
  isOther: 'The link was made with another version of this model or of these facts: the numbers need not be equal.',
  compared: (different: string | null, of: string) =>
    different === null
      ? `This browser gives the same outcome for all ${of} answers in the link.`
      : `This browser gives another outcome for ${different} of ${of} answers in the link.`,
  levels: 'Level by level',
  columns: {
    level: 'Level',
    n: 'n',
    linkHits: 'Hits in the link',
    ownHits: 'Hits here',
    different: 'Different',
  },
  offer: (model: string, suite: string, isElsewhere: boolean) =>
    `${model}, ${suite}. Nothing was downloaded or computed here yet. ${
      isElsewhere
        ? 'The questions are files of whoever made the link: they stay on that machine, so that nothing can be computed again here. With the same files you can: choose them under “Use your own facts”.'
        : 'You can compute everything again on this machine and compare; with the model you can also read every fact.'
    }`,
  recompute: 'Recompute and compare',
};
