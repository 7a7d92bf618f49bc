import { families, familyIds } from '../lab/family/index.ts';
import type { FamilyId } from '../lab/model/site.ts';

/** Families in plain words, the term behind them. */
const plain: Readonly<Record<FamilyId, string>> = {
  encoder: 'Fills gaps',
  'encoder-decoder': 'Reads, then writes',
  decoder: 'Writes on',
};

/** How the page speaks of the families, in the registry's order. */
export const familyWords = familyIds.map((id) => {
  const { label, help } = families[id];
  return { id, plain: plain[id], term: label, label: `${plain[id]} (${label.toLowerCase()})`, help };
});

export const familyWordsOf = (id: FamilyId) => familyWords.find((entry) => entry.id === id)!;

/** Choices of methods' parameters in plain words, the term in brackets; by parameter where they mean different things. */
const choices: Readonly<Record<string, string>> = {
  tensor: 'each whole matrix (tensor)',
  channel: 'each output row (channel)',
  group: 'each group of inputs in a row',
  symmetric: 'even on both sides of zero (symmetric)',
  asymmetric: 'from lowest to highest (asymmetric)',
  uniform: 'the same for all layers (uniform)',
  erk: 'larger layers lose more (ERK)',
  owl: 'layers with outliers lose less (OWL)',
  minmax: 'keep the whole range (min-max)',
  mse: 'least squared error (MSE)',
  percentile: 'cut off the outermost (percentile)',
  magnitude: 'size of its weights (magnitude)',
  activation: 'weights times what enters them (activation)',
  'criterion.random': 'by chance (control)',
  'text.suite': 'texts of the suite',
  'text.random': 'words drawn at random',
  float32: 'as they are (float32)',
  'double-quantized': 'in 8 bits (double quantization)',
  e4m3: 'finer steps (E4M3)',
  e5m2: 'wider range (E5M2)',
  twn: 'small ones become zero (TWN)',
  absmean: 'by the mean size (BitNet b1.58)',
  fbgemm: 'x86 processors (FBGEMM)',
  qnnpack: 'ARM processors (QNNPACK)',
  'order.columns': 'as they stand',
  'order.activity': 'strongest first (act-order)',
  integer: 'whole number (integer)',
  float: 'any number (float)',
};

/** How a choice of a parameter is offered; as it stands in recipes where there are no words for it. */
export const choiceWords = (parameter: string, choice: string): string =>
  choices[`${parameter}.${choice}`] ?? choices[choice] ?? choice;
