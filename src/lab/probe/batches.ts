import type { Batch, Feeds } from '../engine/engine.ts';
import { probeIo } from '../engine/graph.ts';
import type { ModelInput } from '../family/model-input.ts';
import type { Model } from '../model/load.ts';

/** Numbers in the largest tensor of a pass, where engines take large ones: 256 MiB. */
const mostValues = 2 ** 26;

/** The limits of a pass for a model: its widest layer and its vocabulary say how large the tensors of a pass are. */
export function fittingBatch(batch: Batch, { sites, vocabulary }: Pick<Model, 'sites' | 'vocabulary'>): Batch {
  const width = Math.max(...sites.filter(({ role }) => role !== 'head').flatMap(({ shape }) => shape), 1);
  const picks = Math.max(1, Math.min(batch.picks, Math.floor(mostValues / vocabulary)));
  return { ...batch, picks, tokens: Math.max(1, Math.min(batch.tokens, Math.floor(mostValues / width))) };
}

/**
 * Groups texts for passes. Where a pass costs nothing beside its tokens, or texts cannot be padded, each has one length:
 * no attention is wasted, and what a probe gives does not depend on its neighbours. Else those of several lengths share
 * passes, so that the sum of tokens, padding included, and of what passes cost is the smallest.
 *
 * @param most what a batch has at most; a text that has more by itself is a batch of its own
 * @param pads whether shorter texts may be padded
 * @returns positions in `rows`, batch by batch
 */
export function batchesByLength(rows: readonly ModelInput[], most: Batch, pads = false): number[][] {
  const byTarget = new Map<number, Map<number, Group>>();
  rows.forEach(({ ids, target, picks }, position) => {
    // Of two halves both lengths count; the second is never padded.
    const second = target?.length ?? 0;
    const byLength = byTarget.get(second) ?? new Map<number, Group>();
    byTarget.set(second, byLength);
    const group = byLength.get(ids.length) ?? { length: ids.length, second, picks: 1, positions: [] };
    byLength.set(ids.length, group);
    group.positions.push(position);
    group.picks = Math.max(group.picks, picks.length);
  });
  const groups = [...byTarget.values()].flatMap((byLength) => {
    const lengths = [...byLength.values()].sort((a, b) => a.length - b.length);
    return pads && most.passCost > 0 ? merged(lengths, most) : lengths;
  });
  return groups
    .sort((a, b) => a.length - b.length || a.second - b.second)
    .flatMap((group) => {
      const { positions } = group;
      const count = passes(group, positions.length, most);
      // 33 probes are 17 and 16, not 32 and 1: a pass costs something however few are in it.
      const each = Math.ceil(positions.length / count);
      return Array.from({ length: count }, (_, batch) => positions.slice(batch * each, (batch + 1) * each));
    });
}

/** Texts that are asked together, each padded to `length` tokens. */
interface Group {
  length: number;
  second: number;
  /** The most predictions of a text. */
  picks: number;
  positions: number[];
}

/** How many passes so many texts take. */
function passes({ length, second, picks }: Omit<Group, 'positions'>, texts: number, most: Batch): number {
  const tokens = Math.max(1, length + second);
  const fitting = Math.min(most.rows, Math.floor(most.picks / picks), Math.floor(most.tokens / tokens));
  return Math.ceil(texts / Math.max(1, fitting));
}

/** Puts neighbouring lengths together where that is cheapest: the best split of all of them, found from the shortest up. */
function merged(lengths: readonly Group[], most: Batch): Group[] {
  /** The least that asking the first so many lengths costs, and where its last group begins. */
  const best = [{ cost: 0, begin: 0 }];
  for (let end = 1; end <= lengths.length; end++) {
    const { length, second } = lengths[end - 1];
    let [texts, picks] = [0, 1];
    best[end] = { cost: Number.POSITIVE_INFINITY, begin: 0 };
    for (let begin = end - 1; begin >= 0; begin--) {
      texts += lengths[begin].positions.length;
      picks = Math.max(picks, lengths[begin].picks);
      const own = passes({ length, second, picks }, texts, most) * most.passCost + texts * (length + second);
      const cost = best[begin].cost + own;
      // Of equal ones the largest group.
      if (cost <= best[end].cost) best[end] = { cost, begin };
    }
  }
  const groups: Group[] = [];
  for (let end = lengths.length; end > 0; end = best[end].begin) {
    const parts = lengths.slice(best[end].begin, end);
    const { length, second } = lengths[end - 1];
    const picks = Math.max(...parts.map((part) => part.picks));
    groups.push({ length, second, picks, positions: parts.flatMap(({ positions }) => positions) });
  }
  return groups;
}

/**
 * Inputs of one pass.
 *
 * @param rows texts; where their lengths differ the shorter ones are padded
 * @param inputs the model's own inputs that have to be fed
 */
export function makeFeeds(rows: readonly ModelInput[], inputs: readonly string[]): Feeds {
  const picks = rows.flatMap((row) => row.picks);
  const golds = picks.reduce((most, { gold }) => Math.max(most, gold.length), 1);
  const position = new BigInt64Array(picks.length);
  const gold = new BigInt64Array(picks.length * golds);
  let at = 0;
  const length = Math.max(...rows.map(({ ids, target }) => (target ?? ids).length));
  rows.forEach(({ picks: own }, row) => {
    for (const pick of own) {
      position[at] = BigInt(row * length + pick.at);
      for (let i = 0; i < golds; i++) gold[at * golds + i] = BigInt(pick.gold[i] ?? pick.gold[0]);
      at++;
    }
  });
  return {
    ...modelFeeds(rows, inputs),
    [probeIo.position]: { data: position, dims: [picks.length] },
    [probeIo.gold]: { data: gold, dims: [picks.length, golds] },
  };
}

/** What stands where a text has ended: any word will do, as nothing looks there. */
const padding = 0n;

/** The model's own inputs, by the names that Hugging Face gives them. Shorter texts are padded at their ends. */
export function modelFeeds(rows: readonly ModelInput[], inputs: readonly string[]): Feeds {
  return Object.fromEntries(
    inputs.map((name) => {
      const isDecoder = name.startsWith('decoder_');
      const texts = rows.map(({ ids, target }) => (isDecoder ? (target ?? []) : ids));
      const length = Math.max(...texts.map((text) => text.length));
      const data = new BigInt64Array(texts.length * length);
      const kind = isDecoder ? name.slice('decoder_'.length) : name;
      texts.forEach((text, row) => {
        const start = row * length;
        if (kind === 'input_ids') {
          data.set(text.map(BigInt), start);
          data.fill(padding, start + text.length, start + length);
        } else if (kind === 'position_ids') for (let at = 0; at < length; at++) data[start + at] = BigInt(at);
        // What is not padding is not hidden, and all is of one segment.
        else if (kind === 'attention_mask') data.fill(1n, start, start + text.length);
      });
      return [name, { data, dims: [texts.length, length] }];
    }),
  );
}

/** Whether a model with these inputs can be told which tokens are padding. */
export const canPad = (inputs: readonly string[]) => inputs.includes('attention_mask');
