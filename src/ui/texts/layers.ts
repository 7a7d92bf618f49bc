import type { ColumnId, RowId } from '../../app/views/layers/cells.ts';

/** The sensitivity map's column heads, broken into lines. */
const columns: Readonly<Record<ColumnId, readonly string[]>> = {
  block: ['all of', 'it'],
  attention: ['attention'],
  'cross-attention': ['cross-', 'attention'],
  mlp: ['feed-', 'forward'],
  query: ['query'],
  key: ['key'],
  value: ['value'],
  'query-key-value': ['query,', 'key and', 'value'],
  'attention-output': ['attention', 'output'],
  gate: ['feed-', 'forward', 'gate'],
  intermediate: ['feed-', 'forward', 'in'],
  output: ['feed-', 'forward', 'out'],
  'cross-query': ['cross', 'query'],
  'cross-key': ['cross', 'key'],
  'cross-value': ['cross', 'value'],
  'cross-query-key-value': ['cross', 'query, key', 'and value'],
  'cross-attention-output': ['cross', 'attention', 'output'],
};

function rowOf(row: RowId): string {
  if (row === 'all') return 'Whole model';
  if (row === 'last') return 'Last layer';
  const words = row.replaceAll('-', ' ');
  return `${words[0].toUpperCase()}${words.slice(1)}`;
}

const missingWords = (loss: string, interval: string, known: string, gained: string) =>
  `${loss} of what was known is lost (${interval}, n = ${known} known before); ${gained} learned`;

/** Layers: which part of a model holds what it knows. */
export const layers = {
  columns,
  rowOf,
  loading: 'Reading the model …',
  compression: 'Compression',
  question: (what: string) => `One part of the model at a time: ${what}. What is forgotten?`,
  nothing: 'The slider leaves every part as it is: nothing is forgotten.',
  amount: 'Questions for each part',
  amounts: (amount: number) => (amount === 0 ? 'all' : String(amount)),
  method: 'How each part is compressed',
  offer: (parts: string, answers: string) =>
    `${parts} of these parts are not asked as often as chosen: up to ${answers} answers.`,
  map: 'Sensitivity: what is lost if only this part is compressed',
  mapNote:
    'Each cell is one run of the model with that part compressed and all others as they came. Of the questions that it answered before, the share that it does not answer any more. Choose a cell to look into its layers.',
  mapKeys: 'Arrow keys move through the map, Enter chooses a cell.',
  outside: (names: string) => `In no cell: ${names}.`,
  notAsked: 'not asked yet',
  impossible: 'not possible',
  legend: 'lost of what was known',
  known: (name: string, loss: string, interval: string, known: string, gained: string) =>
    `${name}: ${missingWords(loss, interval, known, gained)}`,
  unknown: (name: string) => `${name}: not asked yet`,
  problem: (name: string, why: string) => `${name}: ${why}`,
  point: 'Point at a cell, or move to it with the keyboard, to read it here.',
  table: 'As a table',
  tableHeads: {
    part: 'Part',
    weights: 'Weights',
    lost: 'Lost',
    interval: '95 % interval',
    known: 'Known before (n)',
    gained: 'Learned',
    snr: 'Signal to noise',
    output: 'Output error',
    zeros: 'Zeros',
  },
  cell: (name: string) => `Inside: ${name}`,
  cellUnknown: 'This part was not asked yet: press Run above.',
  untouched: 'Uncompressed: every layer is as it came.',
  sentence: {
    weights: 'The weights keep',
    everything: 'everything',
    snr: 'of signal to noise',
    outputs: (share: string) => `; of what comes out of a layer ${share} is error, on average`,
    lost: (share: string, known: string) => `; the model lost ${share} of the ${known} answers that it had right`,
  },
  measure: 'Measure what comes out of its layers',
  measureNote: 'Every layer gets the texts’ own inputs, before and after: its reconstruction error.',
  waiting: 'waiting for the piece in progress',
  layerByLayer: (layers: string) => `Layer by layer (${layers})`,
  layerHeads: {
    layer: 'Layer',
    output: 'Output error',
    variance: 'of its variance',
    snr: 'Signal to noise',
    mse: 'Squared error (MSE)',
    zeros: 'Zeros',
    bits: 'Bits a weight',
  },
  unchanged: 'unchanged',
  beyond: 'beyond measure',
  histogram: (layer: string) => `Weights of ${layer}, before and after`,
  histogramOf: 'Weights of',
  histogramNote: (zerosBefore: string, zerosAfter: string, of: string) =>
    `Weights that are exactly zero stand in no bar: ${zerosBefore} before and ${zerosAfter} after, of ${of}.`,
  before: 'before',
  after: 'after',
  weight: 'weight',
  weights: 'weights',
  forecast: 'Does the error tell what is forgotten?',
  against: 'Error',
  errorKinds: { weights: 'of the weights', outputs: 'of what comes out' },
  errorAxis: {
    weights: 'error of the weights (noise to signal)',
    outputs: 'error of what comes out of the layers, mean',
  },
  lostAxis: 'lost of what was known',
  agreement: (rho: string, n: string) =>
    `Over ${n} parts the order by error and the order by loss agree with Spearman’s ρ = ${rho} (1: the same order, 0: none, −1: the reverse).`,
  agreementNote:
    'Parts contain each other and are asked the same questions, so that they are no independent sample: ρ describes this map, and no test is made of it.',
  tooFew: 'At least three parts have to be asked and measured.',
  measureAll: 'Measure what comes out of every part',
  measuring: (done: string, of: string) => `${done} of ${of} parts measured`,
  stop: 'Stop measuring',
  grains: { block: 'whole blocks', part: 'attention and feed-forward', role: 'single layers' },
  cited: {
    map: 'Loss of facts by compressed part',
    histogram: (layer: string) => `Weights of ${layer}`,
    forecast: 'Error of a part and loss of facts',
  },
  untouchedParts: 'left as it is',
  citedSubject: (subject: string, step: string) => `${subject}; each part by itself: ${step}`,
  citedN: (asked: string) => `${asked} questions a part`,
};
