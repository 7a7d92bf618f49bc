import { hit, unasked } from '../../app/level.ts';

/** What compression did to one fact. */
export type Fate = 'known' | 'forgotten' | 'learned' | 'never' | 'unasked';

export const fates: readonly { fate: Fate; label: string; help: string }[] = [
  { fate: 'known', label: 'still known', help: 'right before and after' },
  { fate: 'forgotten', label: 'forgotten', help: 'right before, wrong now' },
  { fate: 'learned', label: 'right only now', help: 'wrong before, right now' },
  { fate: 'never', label: 'never known', help: 'wrong before and after' },
  { fate: 'unasked', label: 'not asked yet', help: 'still being computed' },
];

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
