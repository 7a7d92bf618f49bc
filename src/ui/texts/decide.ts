import type { Goal, LayoutId } from '../../app/decide/choice.ts';
import type { Offer } from '../../app/decide/decision.ts';
import type { ExportFormatId } from '../../app/export.ts';

/** How far a model can be compressed within limits. */
export const decide = {
  question: 'Model and questions',
  limits: 'What you need',
  size: 'It may take at most',
  sizeUnit: 'MB',
  loss: 'It may lose at most',
  lossUnit: '% of what it knew',
  layout: 'Size as stored',
  layouts: {
    smallest: 'in the best layout for each layer',
    quantized: 'every weight as its code (quantized)',
    bitmap: 'marks and what is left (bitmap)',
    csr: 'places and what is left (CSR)',
    dense: 'as it came, zeros and all (dense)',
  } satisfies Record<LayoutId, string>,
  goal: 'Within both, take',
  goals: { smallest: 'the smallest', best: 'what keeps most' } satisfies Record<Goal, string>,
  sizeNote:
    'Sizes are what these layouts count for the whole model: bytes on a disk, not speed. How fast a layout runs depends on the machine and was not measured.',
  answer: 'What to take',
  certain: 'Certain',
  probable: 'Probably',
  take: (recipe: string) => `Take ${recipe}.`,
  uncompressed: 'Take the model as it is, uncompressed.',
  numbers: (bytes: string, kept: string, range: string, n: string) =>
    `${bytes}; it keeps ${kept} of what the uncompressed model knew (95 % interval ${range}, n = ${n} facts known before).`,
  certainNote: (limit: string) => `Even the lower end of the interval keeps ${limit}.`,
  probableNote: (low: string, limit: string) =>
    `The lower end of the interval, ${low}, is below ${limit}: with so few facts asked that is not certain.`,
  allAsked: 'All facts were asked: more cannot be known from this suite.',
  more: (most: string) => `Ask ${most} facts`,
  orCertain: (recipe: string, bytes: string) => `What is certain now: ${recipe}, ${bytes}.`,
  noneFits: 'Nothing that is kept here satisfies both.',
  nothingSmall: 'Nothing that is kept is that small.',
  nothingGood: 'Nothing that is kept keeps that much.',
  nearSize: (recipe: string, kept: string, bytes: string) =>
    `Small enough, it keeps most: ${recipe}: ${kept} in ${bytes}.`,
  nearLoss: (recipe: string, kept: string, bytes: string) =>
    `Good enough, it is smallest: ${recipe}: ${kept} in ${bytes}.`,
  nothingYet: 'Nothing of this model is kept yet. Compute a first sample of usual recipes, or explore, and come back.',
  noBaseline: 'The uncompressed model was not asked yet: nothing can be a share of what it knows.',
  gridOffer: (missing: string) => `Compute samples of ${missing} usual recipes`,
  gridTime: (time: string) => `About ${time}, as fast as this model was asked here before.`,
  gridTimeUnknown: 'How long it takes shows as soon as it runs; it can be paused.',
  gridHelp: 'Weights removed, rounded, both behind each other, GPTQ and Wanda; 192 facts each.',
  offer: 'Run asks a sample of every usual recipe that has none.',
  chart: 'Size against what is kept',
  chartAxisSize: 'Size in MB',
  chartAxisKept: 'Kept of what it knew',
  allowed: 'allowed',
  front: 'Pareto front',
  kinds: {
    none: 'uncompressed',
    removed: 'weights removed',
    rounded: 'weights rounded',
    mixed: 'both, or another way',
  } satisfies Record<Offer['kind'], string>,
  hollow: 'Hollow marks: another result beats them in both. Pale marks: fewer than 100 facts known before.',
  table: 'All results',
  columns: { recipe: 'Recipe', size: 'Size', kept: 'Kept', interval: '95 % interval', n: 'n', front: 'Front' },
  onFront: 'yes',
  few: 'few',
  noRecipe: 'uncompressed',
  export: {
    title: 'Take it with you',
    button: 'Save the model',
    format: 'Format',
    cancel: 'Stop',
    formats: {
      onnx: 'ONNX, dense: runs anywhere; holds every recipe, zeros and all',
      'onnx-nbits': 'ONNX with 4- or 8-bit weights (MatMulNBits)',
      'onnx-qdq': 'ONNX with int8 weights (QDQ)',
      safetensors: 'Weights alone (safetensors), with masks',
    } satisfies Record<ExportFormatId, string>,
    phases: { compressing: 'Compressing', writing: 'Writing', checking: 'Checking its answers', packing: 'Packing' },
    step: (phase: string, share: string) => `${phase} … ${share}`,
    saved: (name: string, files: string) => `Saved as ${name}: ${files} files.`,
    verified: (same: string, texts: string, worst: string) =>
      `Loaded again by a runtime of its own: the same words for ${same} of ${texts} texts, logits at most ${worst} apart.`,
    stopped: 'Stopped; nothing was saved.',
    help: 'A zip with the weights, the config and the tokenizer, and lossy.json, which says how they were made.',
    progress: 'Progress of the export',
  },
};
