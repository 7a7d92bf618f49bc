import { useMemo } from 'react';
import { usePage } from '../../../app/page/page.ts';
import { suiteOf } from '../../../app/shipped.ts';
import type { Wording } from '../../../lab/suite/suite.ts';

/** The wordings that a suite offers; of one that is not on this machine, the one that is chosen. */
export function useWordings(suite: string, chosen: Wording): readonly Wording[] {
  const own = usePage((state) => state.userSuites.find(({ id }) => id === suite));
  return useMemo(() => (suiteOf(suite) ?? own)?.wordings ?? [chosen], [suite, own, chosen]);
}
