import type { Calibration } from '../compress/method.ts';
import type { ModelInput } from '../family/model-input.ts';
import { hash32 } from '../hash32.ts';
import type { Tokenizer } from '../tokens/tokenizer.ts';
import type { Probe } from './probes.ts';

/** The texts that activations can be measured on: the first one of each probe. */
export function calibrationTexts(probes: readonly Pick<Probe, 'rows'>[]): ModelInput[] {
  return probes.map(({ rows }) => rows[0][0]);
}

/**
 * The texts of a calibration.
 *
 * `suite`: the first ones for seed 0, which is the reference protocol, else as many drawn without replacement, in the
 * suite's order. `random`: the same texts with other words, drawn from the whole vocabulary; special tokens, masks and
 * gaps stay where they are. Equal arguments give equal texts on every machine.
 *
 * @param texts those of the suite in its first wording ({@link calibrationTexts}); where there are fewer than the
 *   calibration asks for, all are taken
 */
export function calibrationRows(
  texts: readonly ModelInput[],
  { text, prompts, seed }: Calibration,
  tokenizer: Pick<Tokenizer, 'size' | 'special'>,
): ModelInput[] {
  const chosen = seed === 0 ? texts.slice(0, prompts) : draw(texts.length, prompts, seed).map((at) => texts[at]);
  return text === 'suite' ? chosen : withRandomWords(chosen, seed, tokenizer);
}

/** Positions of `count` of `size` things, rising: those whose keys are the smallest. No two keys are equal. */
function draw(size: number, count: number, seed: number): number[] {
  const keys = Uint32Array.from({ length: size }, (_, at) => hash32(at ^ hash32(seed)));
  return [...keys.keys()]
    .sort((a, b) => keys[a] - keys[b])
    .slice(0, count)
    .sort((a, b) => a - b);
}

function withRandomWords(
  rows: readonly ModelInput[],
  seed: number,
  { size, special }: Pick<Tokenizer, 'size' | 'special'>,
) {
  // A word that a row has is one of these, so that there is always one to draw.
  const words = Array.from({ length: size }, (_, id) => id).filter((id) => !special.has(id));
  return rows.map((row, number): ModelInput => {
    const other = (ids: readonly number[], half: number) => {
      const key = hash32(half ^ hash32(number ^ hash32(~seed)));
      return ids.map((id, at) =>
        special.has(id) ? id : words[Math.floor(((hash32(at ^ key) >>> 0) / 2 ** 32) * words.length)],
      );
    };
    return { ...row, ids: other(row.ids, 0), target: row.target && other(row.target, 1) };
  });
}
