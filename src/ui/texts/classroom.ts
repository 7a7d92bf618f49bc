import type { Screen } from '../../app/views/classroom/classroom-choice.ts';

/** One screen of a lesson: what it shows, and what to ask the class. */
interface Words {
  title: string;
  lead: string;
  question: string;
}

const screens: Readonly<Record<Screen, Words>> = {
  guess: {
    title: 'Draw your guess',
    lead: 'A small language model knows thousands of facts. Its smallest weights are removed, step by step. How many of the facts does it still get right? Draw the curve that you expect.',
    question: 'Does it fall evenly, slowly at first, or all at once?',
  },
  know: {
    title: '1. What a model knows',
    lead: 'A language model was never given a list of facts. It read sentences, and was trained to fill their gaps. Each mark is one fact that it was asked.',
    question: 'How could you tell whether a model knows a fact, or guessed it?',
  },
  prune: {
    title: '2. What pruning is',
    lead: 'A model is millions of numbers, its weights. Pruning sets the smallest ones to zero (sparsity). Zeros need not be stored, so the model’s file gets smaller.',
    question: 'Why does the file not shrink by half when half of the weights are gone?',
  },
  small: {
    title: '3. At first, little is lost',
    lead: 'The more weights are removed, the fewer facts are right. The band around the curve is the 95 % interval: with so few facts asked, the true share could lie anywhere in it.',
    question: 'From which level on would you no longer trust the model?',
  },
  rare: {
    title: '4. Which facts go first',
    lead: 'The training stated some facts more often than others. Of the facts that the whole model knew, this is the share that the pruned one still knows, by how often the training stated them.',
    question: 'Which facts about the world would be rare in a model’s training?',
  },
  bits: {
    title: '5. Rounding the weights',
    lead: 'Another way to make a model smaller: every weight is rounded to one of few values, so that it takes fewer bits (quantization). No weight is removed.',
    question: 'Each bit less halves the number of values. Why does it do so little at first, and so much in the end?',
  },
  same: {
    title: '6. Same accuracy, different facts',
    lead: 'One model was pruned, the other was rounded. Of all levels that lost something, these two are closest in how often they are right. Do they know the same facts?',
    question: 'Would you notice the difference if you only saw the accuracy of the two?',
  },
};

/** The classroom: a guess, a story, a projector. */
export const classroom = {
  title: 'Classroom',
  screens,
  screenList: 'Parts of the lesson',
  shortNames: {
    guess: 'Guess',
    know: 'Knowing',
    prune: 'Pruning',
    small: 'Small losses',
    rare: 'Rare facts',
    bits: 'Rounding',
    same: 'Same, different',
  } satisfies Record<Screen, string>,
  ask: 'To discuss:',
  back: 'Back',
  next: 'Next',
  progress: (at: number, of: number) => `Part ${at} of ${of}`,
  present: 'Present',
  endPresenting: 'End presenting',
  share: 'Share',
  fullScreen: 'Full screen',
  keys: 'Keys',
  keyList: [
    ['→ or space', 'next'],
    ['←', 'back'],
    ['F', 'full screen'],
    ['?', 'these keys'],
    ['Esc', 'end presenting'],
  ],
  computing: (model: string, size: string) =>
    `Meanwhile the answers are being computed on this machine, with the smallest model alone (${model}, ${size}): a sample of each level.`,
  offer: 'Compute a sample of each level',
  fromLink: (n: string) =>
    `These numbers came with the link (up to ${n} facts a level); nothing was computed or downloaded.`,
  computeHere: 'Compute them here',
  notYet: 'This is being computed …',
  notHere: 'The link did not bring the numbers for this part.',

  removed: 'Weights removed',
  bitsAxis: 'Bits a weight',
  right: 'Facts right',
  fileSize: 'Size of the file',
  drawArea: 'Your guess, level by level',
  guessAt: (level: string) => `Your guess with ${level} of the weights removed`,
  guessValue: (percent: number) => `${percent} % of the facts right`,
  guessNone: 'nothing drawn yet',
  howToDraw: 'Draw with the pointer or a finger; or choose a level with Tab and move it with the arrow keys.',
  startsAt: (percent: string) => `Nothing removed: ${percent} right.`,
  show: 'Show what happened',
  again: 'Draw again',
  legendGuess: 'your guess',
  legendReal: 'what happened, with its 95 % interval',
  distance: (points: string, levels: number) =>
    `On average your guess was ${points} percentage points off, over ${levels} ${levels === 1 ? 'level' : 'levels'}.`,
  worst: (level: string, guess: number, real: string) =>
    `Furthest off with ${level} removed: you expected ${guess}\u00a0%, and ${real} were right.`,
  exact: 'No level was off by a whole point.',
  noDistance: 'What happened is not known yet at the levels that you drew.',
  table: 'As a table',
  columns: { level: 'Level', guess: 'Your guess', real: 'Right', interval: '95 % interval', n: 'n' },

  know: {
    said: (share: string, hits: string, n: string, low: string) =>
      `Of ${n} facts it was asked, it puts the right word first in ${hits}: ${share} (95 % interval ${low}).`,
    known: 'known',
    unknown: 'not known',
    label: (hits: string, n: string) => `${hits} of ${n} facts known`,
  },
  prune: {
    said: (before: string, level: string, after: string) =>
      `The whole model takes ${before}; with ${level} of its weights removed it takes ${after}.`,
    note: 'Size of the whole file, each layer stored in the way that takes least: as it is, or its weights that are left with the places where they stand.',
  },
  small: {
    said: (level: string) =>
      `Up to ${level} removed, the interval still holds the whole model’s accuracy: this sample shows no loss there.`,
    none: 'Even the mildest level shows a loss in this sample.',
  },
  rare: {
    said: (level: string) => `With ${level} of the weights removed.`,
    times: (times: string) => `stated ${times}×`,
    ends: (rare: string, often: string) => `Of the rarest it keeps ${rare}, of the most frequent ${often}.`,
    points: (points: string, low: string, high: string) =>
      `That is a difference of ${points} percentage points (95 % interval ${low} to ${high}).`,
    rareFirst: 'Rare facts go first.',
    oftenFirst: 'Here the most frequent facts go first.',
    unclear: 'That may be chance: this sample does not show that one of them goes first.',
    oneGroup: 'The training stated all of these facts about equally often.',
    asking: (facts: string, time: string | null) =>
      `For this part ${facts} more facts are asked of both models${time === null ? '' : `: about ${time}`}.`,
    more: (facts: string, time: string | null) =>
      `Ask ${facts} more facts of both models${time === null ? '' : ` (about ${time})`}`,
    none: 'How often the training stated these facts is not known here.',
  },
  bits: {
    said: (level: string, share: string, n: string) => `With ${level} a weight, ${share} of ${n} facts are right.`,
  },
  same: {
    said: (pruned: string, rounded: string, prunedShare: string, roundedShare: string) =>
      `Pruned (${pruned} removed): ${prunedShare} right. Rounded (to ${rounded}): ${roundedShare} right.`,
    equal: (interval: string) =>
      `These samples cannot tell their accuracies apart (difference ${interval}, 95 % interval).`,
    unequal: (interval: string) => `Their accuracies differ (by ${interval}, 95 % interval).`,
    differ: (different: string, n: string) => `They disagree about ${different} of the ${n} facts.`,
    part: (value: string, n: string) => `${value} of ${n}`,
    both: 'both know',
    prunedAlone: 'only the pruned one knows',
    roundedAlone: 'only the rounded one knows',
    neither: 'neither knows',
    none: 'No pruned and rounded model that lost something are known yet.',
  },
  sample: (n: string) => `n = ${n} facts a level`,
};
