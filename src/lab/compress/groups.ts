/** Headings under which methods are offered, plain words first. Their order is the order on the page. */
export const groups = {
  weights: { label: 'Remove single weights', term: 'unstructured pruning' },
  pattern: { label: 'Remove weights in a fixed pattern', term: 'semi-structured pruning (N:M)' },
  structure: { label: 'Remove whole parts', term: 'structured pruning' },
  grid: { label: 'Fewer bits, evenly spaced', term: 'round-to-nearest quantization' },
  format: { label: 'Fewer bits, other number formats', term: 'NF4, FP4, FP8, MXFP4, ternary, binary' },
  fitted: { label: 'Fewer bits, fitted to the model', term: 'GPTQ, AWQ, HQQ' },
  int8: { label: 'Eight bits, activations too', term: 'int8 inference' },
  rank: { label: 'Fewer directions', term: 'low-rank approximation' },
} as const;

export type GroupId = keyof typeof groups;
