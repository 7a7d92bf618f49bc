import { hit, unasked } from '../../../../app/projection/level-result.ts';
import { map as texts } from '../../../texts/map.ts';

/** What compression did to one fact. */
export type Fate = 'known' | 'forgotten' | 'learned' | 'never' | 'unasked';

const order: readonly Fate[] = ['known', 'forgotten', 'learned', 'never', 'unasked'];

export const fates: readonly { fate: Fate; label: string; help: string }[] = order.map((fate) => ({
  fate,
  ...texts.fates[fate],
}));

/** What is known of each probe, as computed or estimated. */
interface Outcomes {
  outcomes: Uint8Array;
}

/** Compares the uncompressed model with a level, fact by fact. */
export function fateOf(baseline: Outcomes | null, level: Outcomes | null, probe: number): Fate {
  const before = baseline?.outcomes[probe] ?? unasked;
  const now = level?.outcomes[probe] ?? unasked;
  if (before === unasked || now === unasked) return 'unasked';
  if (now === hit) return before === hit ? 'known' : 'learned';
  return before === hit ? 'forgotten' : 'never';
}
