import type { Feeds } from '../engine/engine.ts';
import { probeIo } from '../engine/graph.ts';
import type { Probe } from './probes.ts';

/** Prompts in a pass. Measured on two cores: more gains nothing on WebAssembly, and delays progress and cancelling. */
export const batchSize = 32;

/**
 * Groups probes of the same length, at most `size` a batch. Nothing is padded, so no attention is wasted, and what a
 * probe gives does not depend on its neighbours.
 *
 * @param lengths tokens of each probe
 * @returns positions in `lengths`, batch by batch
 */
export function batchesByLength(lengths: readonly number[], size = batchSize): number[][] {
  const byLength = new Map<number, number[]>();
  lengths.forEach((length, position) => {
    const same = byLength.get(length);
    if (same) same.push(position);
    else byLength.set(length, [position]);
  });
  return [...byLength]
    .sort(([a], [b]) => a - b)
    .flatMap(([, positions]) => {
      // 33 probes are 17 and 16, not 32 and 1: a pass costs something however few are in it.
      const count = Math.ceil(positions.length / size);
      const each = Math.ceil(positions.length / count);
      return Array.from({ length: count }, (_, batch) => positions.slice(batch * each, (batch + 1) * each));
    });
}

/**
 * Inputs of one pass.
 *
 * @param probes prompts of one length
 * @param inputs the model's own inputs that have to be fed
 */
export function makeFeeds(probes: readonly Pick<Probe, 'ids' | 'mask' | 'gold'>[], inputs: readonly string[]): Feeds {
  const rows = probes.length;
  const length = probes[0].ids.length;
  const golds = Math.max(...probes.map((probe) => probe.gold.length));
  const ids = new BigInt64Array(rows * length);
  const position = new BigInt64Array(rows);
  const gold = new BigInt64Array(rows * golds);
  probes.forEach((probe, row) => {
    for (let i = 0; i < length; i++) ids[row * length + i] = BigInt(probe.ids[i]);
    position[row] = BigInt(row * length + probe.mask);
    for (let i = 0; i < golds; i++) gold[row * golds + i] = BigInt(probe.gold[i] ?? probe.gold[0]);
  });
  const feeds: Record<string, Feeds[string]> = {
    [probeIo.position]: { data: position, dims: [rows] },
    [probeIo.gold]: { data: gold, dims: [rows, golds] },
  };
  for (const name of inputs) feeds[name] = { data: inputValues(name, ids), dims: [rows, length] };
  return feeds;
}

/** An input of the model by the name that Hugging Face gives it; without padding all of them are constant but one. */
export function inputValues(name: string, ids: BigInt64Array): BigInt64Array {
  if (name === 'input_ids') return ids;
  return new BigInt64Array(ids.length).fill(name === 'attention_mask' ? 1n : 0n);
}
