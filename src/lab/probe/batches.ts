import type { Batch, Feeds } from '../engine/engine.ts';
import { probeIo } from '../engine/graph.ts';
import type { Row } from '../family/row.ts';
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
 * @param canPad whether the model can be told which tokens are padding
 * @returns positions in `rows`, batch by batch
 */
export function batchesByLength(rows: readonly Row[], most: Batch, canPad = false): number[][] {
  const byTarget = new Map<number, Map<number, number[]>>();
  rows.forEach(({ ids, target }, position) => {
    // Of two halves both lengths count; the second is never padded.
    const second = target?.length ?? 0;
    const byLength = byTarget.get(second) ?? new Map<number, number[]>();
    byTarget.set(second, byLength);
    const same = byLength.get(ids.length);
    if (same) same.push(position);
    else byLength.set(ids.length, [position]);
  });
  const groups = [...byTarget].flatMap(([second, byLength]) => {
    const lengths = [...byLength]
      .sort(([a], [b]) => a - b)
      .map(([length, positions]) => ({ length, second, positions }));
    return canPad && most.passCost > 0 ? merged(lengths, rows, most) : lengths;
  });
  return groups
    .sort((a, b) => a.length - b.length || a.second - b.second)
    .flatMap((group) => {
      const { positions } = group;
      const count = passes(group, rows, most);
      // 33 probes are 17 and 16, not 32 and 1: a pass costs something however few are in it.
      const each = Math.ceil(positions.length / count);
      return Array.from({ length: count }, (_, batch) => positions.slice(batch * each, (batch + 1) * each));
    });
}

/** Texts that are asked together, each padded to `length` tokens. */
interface Group {
  length: number;
  second: number;
  positions: number[];
}

/** How many passes a group takes. */
function passes({ length, second, positions }: Group, rows: readonly Row[], most: Batch): number {
  const picks = positions.reduce((least, position) => Math.max(least, rows[position].picks.length), 1);
  const tokens = Math.max(1, length + second);
  const fitting = Math.min(most.rows, Math.floor(most.picks / picks), Math.floor(most.tokens / tokens));
  return Math.ceil(positions.length / Math.max(1, fitting));
}

/** Puts neighbouring lengths together where that is cheapest: the best split of all of them, found from the shortest up. */
function merged(lengths: readonly Group[], rows: readonly Row[], most: Batch): Group[] {
  /** The cheapest way to ask the first so many lengths: its cost, and its groups. */
  const best: { cost: number; groups: Group[] }[] = [{ cost: 0, groups: [] }];
  for (let end = 1; end <= lengths.length; end++) {
    let cheapest = { cost: Number.POSITIVE_INFINITY, groups: [] as Group[] };
    for (let begin = 0; begin < end; begin++) {
      const { length, second } = lengths[end - 1];
      const positions = lengths.slice(begin, end).flatMap((group) => group.positions);
      const group = { length, second, positions };
      const own = passes(group, rows, most) * most.passCost + positions.length * (length + second);
      const cost = best[begin].cost + own;
      if (cost < cheapest.cost) cheapest = { cost, groups: [...best[begin].groups, group] };
    }
    best.push(cheapest);
  }
  return best[lengths.length].groups;
}

/**
 * Inputs of one pass.
 *
 * @param rows texts; where their lengths differ the shorter ones are padded
 * @param inputs the model's own inputs that have to be fed
 */
export function makeFeeds(rows: readonly Row[], inputs: readonly string[]): Feeds {
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
export function modelFeeds(rows: readonly Row[], inputs: readonly string[]): Feeds {
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
