import type { FamilyId } from '../../../lab/model/site.ts';
import type { Figure } from '../../projection/groups.ts';
import type { Measure } from './families-choice.ts';

/** What the figures of one level say of a family. */
export interface FamilySaid {
  family: FamilyId;
  figure: Figure;
}

/**
 * Who keeps most and who least, if the numbers allow to say so: only where their intervals do not touch.
 *
 * @returns null where there are not two families, or their intervals overlap
 */
export function ranking(said: readonly FamilySaid[]): { most: FamilyId; least: FamilyId } | null {
  if (said.length < 2) return null;
  const ordered = [...said].sort((a, b) => b.figure.share - a.figure.share);
  const [most, least] = [ordered[0], ordered[ordered.length - 1]];
  return most.figure.low > least.figure.high ? { most: most.family, least: least.family } : null;
}

/** What a share is of: " of what it knew" or " of the facts". */
export const ofWhat = (measure: Measure, noun: 'facts' | 'questions') =>
  measure === 'relative' ? ' of what it knew' : ` of the ${noun}`;

/** The paper's figure for the same: how much less is right, in percent of what was right before. */
export const dropOf = ({ share }: Figure) => 100 * (1 - share);
