import type { ExportFormatId } from '../../app/run/export.ts';

/** A compressed model that is taken along. */
export const exportModel = {
  title: 'Save the model as it is at this level',
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
};
