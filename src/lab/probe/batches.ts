import type { Engine, Feeds } from '../engine/engine.ts';
import { probeIo } from '../engine/graph.ts';
import type { Row } from '../family/row.ts';

/**
 * Groups texts of the same length. Nothing is padded, so no attention is wasted, and what a probe gives does not depend
 * on its neighbours.
 *
 * @param most how many texts and predictions a batch has at most; a text with more predictions is a batch of its own
 * @returns positions in `rows`, batch by batch
 */
export function batchesByLength(rows: readonly Row[], most: Engine['batch']): number[][] {
  const byLength = new Map<number, number[]>();
  rows.forEach(({ ids, target }, position) => {
    // Of two halves both lengths count.
    const length = ids.length * 65_536 + (target?.length ?? 0);
    const same = byLength.get(length);
    if (same) same.push(position);
    else byLength.set(length, [position]);
  });
  return [...byLength]
    .sort(([a], [b]) => a - b)
    .flatMap(([, positions]) => {
      const picks = positions.reduce((least, position) => Math.max(least, rows[position].picks.length), 1);
      const fitting = Math.max(1, Math.min(most.rows, Math.floor(most.picks / picks)));
      // 33 probes are 17 and 16, not 32 and 1: a pass costs something however few are in it.
      const count = Math.ceil(positions.length / fitting);
      const each = Math.ceil(positions.length / count);
      return Array.from({ length: count }, (_, batch) => positions.slice(batch * each, (batch + 1) * each));
    });
}

/**
 * Inputs of one pass.
 *
 * @param rows texts of one length
 * @param inputs the model's own inputs that have to be fed
 */
export function makeFeeds(rows: readonly Row[], inputs: readonly string[]): Feeds {
  const picks = rows.flatMap((row) => row.picks);
  const golds = picks.reduce((most, { gold }) => Math.max(most, gold.length), 1);
  const position = new BigInt64Array(picks.length);
  const gold = new BigInt64Array(picks.length * golds);
  let at = 0;
  rows.forEach(({ ids, target, picks: own }, row) => {
    const length = (target ?? ids).length;
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

/** The model's own inputs for texts of one length, by the names that Hugging Face gives them. */
export function modelFeeds(rows: readonly Row[], inputs: readonly string[]): Feeds {
  return Object.fromEntries(
    inputs.map((name) => {
      const isDecoder = name.startsWith('decoder_');
      const texts = rows.map(({ ids, target }) => (isDecoder ? (target ?? []) : ids));
      const length = texts[0].length;
      const data = new BigInt64Array(texts.length * length);
      const kind = isDecoder ? name.slice('decoder_'.length) : name;
      if (kind === 'input_ids') data.set(texts.flat().map(BigInt));
      else if (kind === 'position_ids') data.set(Array.from(data, (_, at) => BigInt(at % length)));
      // Without padding nothing is hidden, and all is of one segment.
      else data.fill(kind === 'attention_mask' ? 1n : 0n);
      return [name, { data, dims: [texts.length, length] }];
    }),
  );
}
