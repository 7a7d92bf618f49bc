import { useMemo } from 'react';
import { usePage } from '../../../app/page/page.ts';
import { suiteOf } from '../../../app/shipped.ts';
import type { Template } from '../../../lab/suite/suite.ts';

/** The wordings that a suite offers; of one that is not on this machine, the one that is chosen. */
export function useWordings(suite: string, chosen: Template): readonly Template[] {
  const own = usePage((state) => state.own.find(({ id }) => id === suite));
  return useMemo(() => (suiteOf(suite) ?? own)?.wordings ?? [chosen], [suite, own, chosen]);
}
