import type { Outputs } from '../engine/engine.ts';
import { probeIo } from '../engine/graph.ts';
import { emptyPredictions, keptWords, type Predictions } from './predictions.ts';
import type { Probe } from './probes.ts';

/**
 * Reads one pass's outputs.
 *
 * The rank of the best accepted word is its place among the k highest where it is one of them, so that a hit is what
 * argmax says even for equal logits; further down, words with an equal logit count against it.
 *
 * @param outputs of the probe graph, [batch, …]
 * @param vocabulary number of words: the rank where the output is not finite
 */
export function scorePass(outputs: Outputs, probes: readonly Pick<Probe, 'gold'>[], vocabulary: number): Predictions {
  const topValues = outputs[probeIo.topValues] as Float32Array;
  const topIds = outputs[probeIo.topIds] as BigInt64Array;
  const goldLogits = outputs[probeIo.goldLogits] as Float32Array;
  const atLeast = outputs[probeIo.atLeast] as Float32Array;
  const logSumExp = outputs[probeIo.logSumExp] as Float32Array;
  const k = topIds.length / probes.length;
  const golds = goldLogits.length / probes.length;
  const result = emptyPredictions(probes.length);
  probes.forEach(({ gold }, row) => {
    let best = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < gold.length; i++) best = Math.max(best, goldLogits[row * golds + i]);
    const finite = Number.isFinite(logSumExp[row]) && !Number.isNaN(best);
    let rank = finite ? atLeast[row] : vocabulary;
    for (let i = 0; i < k && finite; i++) {
      if (!gold.includes(Number(topIds[row * k + i]))) continue;
      rank = i + 1;
      break;
    }
    result.ranks[row] = rank;
    result.goldLogProbs[row] = finite ? best - logSumExp[row] : Number.NaN;
    for (let i = 0; i < keptWords; i++) {
      result.topIds[row * keptWords + i] = Number(topIds[row * k + i]);
      result.topLogProbs[row * keptWords + i] = topValues[row * k + i] - logSumExp[row];
    }
  });
  return result;
}
