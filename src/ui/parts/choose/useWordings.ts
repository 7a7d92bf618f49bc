import { useMemo } from 'react';
import { usePage } from '../../../app/page/page.ts';
import { suiteOf } from '../../../app/shipped.ts';
import type { Wording } from '../../../lab/suite/suite.ts';

/** The wordings of a suite; for one that is not on this machine, the chosen one. */
export function useWordings(suite: string, chosen: Wording): readonly Wording[] {
  const userSuite = usePage((state) => state.userSuites.find(({ id }) => id === suite));
  return useMemo(() => (suiteOf(suite) ?? userSuite)?.wordings ?? [chosen], [suite, userSuite, chosen]);
}
