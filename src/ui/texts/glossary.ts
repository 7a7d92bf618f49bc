/** Terms of the field in plain words: shown where a term stands (`../parts/Term.tsx`). */
export const glossary = {
  sparsity: 'Sparsity: the share of weights that were set to zero. At 60 % sparsity, 60 of every 100 weights are gone.',
  bits: 'Bit-width: how many bits a weight is stored in. With 4 bits a weight can have only 16 values.',
  pruning: 'Pruning: removing weights by setting them to zero.',
  quantization: 'Quantization: rounding weights to few values, so that each takes fewer bits.',
  'low-rank':
    'Low-rank approximation: writing a matrix as the product of two thin ones, which together have fewer numbers.',
  calibration:
    'Calibration: letting a few texts run through the uncompressed model, to measure what enters its layers.',
  'p-at-1': 'P@1 (precision at 1): the share of facts whose right word the model puts first of all words it knows.',
  interval:
    '95 % interval (Wilson): a sample this large would have the true share within it 19 times of 20. More facts asked, narrower interval.',
  n: 'n: how many facts or questions the number was computed from.',
  scope: 'Scope: which layers are compressed: all of them, attention only, feed-forward only, or the last one.',
  attention: 'Attention: the layers by which each word looks at the other words of the sentence.',
  'feed-forward': 'Feed-forward: the layers that work on each word by itself; much of what a model knows lies in them.',
  snr: 'Signal to noise (SNR): how large the weights are beside the error made in them, in decibels; 10 dB more is a tenth of the error.',
  reconstruction:
    'Reconstruction error: how far what comes out of a layer is from what came out before, as a share of it.',
  mcnemar:
    'McNemar’s exact test: of the facts that only one of two models knows, could the split be a coin’s? A small p says no.',
  kl: 'KL divergence: how much one model’s probabilities differ from another’s, even where both give the same answer.',
  flip: 'Flip: a fact whose outcome changed: known before and forgotten now, or the other way round.',
  pareto: 'Pareto front: the results that no other one beats in both size and accuracy.',
  recipe: 'Recipe: the steps of a compression in their order, each with its method, its layers and its strength.',
  entropy: 'Entropy bound: the least space that any lossless code could take for these weights.',
  'held-out': 'Held-out facts: facts that the training never stated. What is right here was guessed, not remembered.',
  family:
    'Family: the way a model is built: an encoder fills gaps, a decoder writes on, an encoder-decoder reads and then writes.',
} as const;

export type TermId = keyof typeof glossary;
