/** Keys of what is written about the weights beside them: ONNX's metadata_props, safetensors' __metadata__. */
export const metadataKeys = {
  /** Canonical JSON of the steps. */
  recipe: 'lossy.recipe',
  /** Sizes and errors, as JSON (see Report in compress/size.ts). */
  report: 'lossy.report',
  /** SHA-256 of the ONNX files that the weights came from. */
  source: 'lossy.source',
  /** The recipe in words. */
  description: 'lossy.description',
  /** JSON list of the layers whose input is rounded in the graph; not there where none is. */
  roundedInputs: 'lossy.rounded-inputs',
} as const;
