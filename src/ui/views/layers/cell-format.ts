import type { CellState } from '../../../app/views/layers/layers-store.ts';
import { cellWords } from '../../../app/views/layers/words.ts';
import { count, percent, range } from '../../parts/format.ts';
import { layers as texts } from '../../texts/layers.ts';

/** ColorBrewer's YlGnBu: one direction of lightness, so that it reads in grey and with any colour vision. */
const ramp = ['#ffffd9', '#edf8b1', '#c7e9b4', '#7fcdbb', '#41b6c4', '#1d91c0', '#225ea8', '#253494', '#081d58'];

/** From this place of the ramp on, white reads better than black. */
const firstDark = 6;

/** A cell's colours: how much of the scale's end is lost. */
export function shadeOf(share: number, end: number): { fill: string; ink: string } {
  const at = Math.max(0, Math.min(ramp.length - 1, Math.round((share / end) * (ramp.length - 1))));
  return { fill: ramp[at], ink: at >= firstDark ? '#ffffff' : '#000000' };
}

/** What a cell says, for those who do not see it and for those who want it exactly. */
export function sentenceOf({ scope, loss, problem }: CellState): string {
  const name = cellWords.labelOf(scope);
  if (problem !== null) return texts.problem(name, problem);
  if (!loss) return texts.unknown(name);
  return texts.known(name, percent(loss.share), range(loss), count(loss.known), count(loss.gained));
}

export const decibels = (value: number) => `${value.toFixed(1)}\u00a0dB`;
export const percentOrMore = (share: number) => (Number.isFinite(share) ? percent(share) : texts.beyond);
