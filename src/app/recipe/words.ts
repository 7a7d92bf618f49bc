import { roles } from '../../lab/compress/scope.ts';
import { families, familyIds } from '../../lab/family/index.ts';
import type { FamilyId, Site, SiteKind } from '../../lab/model/site.ts';

export { preparingWords } from '../../lab/work.ts';

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
  symmetric: 'even around zero (symmetric)',
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

const siteKinds: Readonly<Record<SiteKind, string>> = {
  ...roles,
  transform: 'transform',
  decoder: 'last layer',
  unclassified: 'not classified',
};

/** A layer in plain words, such as "block 3, query"; its name stands beside it where there is room. */
export function siteWords({ kind, layer, stack, cross, family }: Site): string {
  const half = family === 'encoder-decoder' ? `${stack} ` : '';
  const place =
    layer === null ? (kind === 'decoder' || half === '' ? '' : `${half}end, `) : `${half}block ${layer + 1}, `;
  return `${place}${cross ? 'cross-attention ' : ''}${siteKinds[kind]}`;
}

/** A way to store a model, and what it takes. */
export interface LayoutWords {
  id: string;
  label: string;
  help: string;
}

/** The layouts that bytes are counted in, in the order in which they are shown. */
export const layoutWords: readonly LayoutWords[] = [
  { id: 'dense', label: 'As it came (dense)', help: 'Every weight in the width that the file has.' },
  { id: 'quantized', label: 'Every weight as its code (quantized)', help: 'Zeros too, with the scales of the codes.' },
  { id: 'bitmap', label: 'Marks and what is left (bitmap)', help: 'One bit a weight says whether it is there.' },
  {
    id: 'csr',
    label: 'Places and what is left (CSR)',
    help: 'Compressed sparse rows: each weight with its column, each row with its beginning.',
  },
  { id: 'nm', label: 'Slots of a fixed pattern (N:M)', help: 'n slots of every m weights, each with its place.' },
  {
    id: 'compact',
    label: 'Without empty rows and columns (compact)',
    help: 'What is removed as a whole takes no space.',
  },
  { id: 'factors', label: 'Two thin matrices (factors)', help: 'Rows × rank and rank × columns, for low rank.' },
  {
    id: 'entropy',
    label: 'The least that any code could take (entropy bound)',
    help: 'A bound, not a layout: codes as short as their frequencies allow.',
  },
  { id: 'smallest', label: 'The best of them for each layer', help: 'What “Size” and the curve against size mean.' },
];
