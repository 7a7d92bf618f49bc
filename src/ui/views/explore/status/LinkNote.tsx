import { Alert, Button, Group, Text } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import { usePage } from '../../../../app/page/page.ts';
import { isUserSuite } from '../../../../app/storage/user-suite-id.ts';
import { start } from '../../../../app/views/explore/explore.ts';
import { type ExploreState, useExplore } from '../../../../app/views/explore/explore-store.ts';
import { Disclosure } from '../../../parts/Disclosure.tsx';
import { count } from '../../../parts/format.ts';
import { type Column, columnsOf } from '../../../parts/tables/columns.ts';
import { DataTable } from '../../../parts/tables/DataTable.tsx';
import { linkNote as texts } from '../../../texts/status.ts';

/** Says that what is shown came with a link, and offers to compute it again. */
export function LinkNote() {
  const link = useExplore((state) => state.link);
  const run = useExplore((state) => state.run.status);
  const opened = useExplore((state) => state.opened);
  const suite = useExplore((state) => state.choice.suite);
  const isElsewhere = usePage((state) => isUserSuite(suite) && !state.userSuites.some(({ id }) => id === suite));
  if (!link) return null;
  const { results, comparisons } = link;
  const isOther =
    opened !== null && (opened.model.sha256 !== results.model.sha256 || opened.suite.sha256 !== results.suite.sha256);
  const different = comparisons?.reduce((sum, level) => sum + level.different, 0) ?? 0;
  const compared = comparisons?.reduce((sum, level) => sum + level.probes, 0) ?? 0;
  return (
    <Alert
      icon={<IconLink />}
      color={different > 0 || isOther ? 'yellow' : 'blue'}
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
      title={texts.title(comparisons !== null)}
    >
      {isOther && <Text size="sm">{texts.isOther}</Text>}
      {comparisons ? (
        <>
          <Text size="sm">{texts.compared(different === 0 ? null : count(different), count(compared))}</Text>
          <Disclosure title={texts.levels}>
            <DataTable label={texts.levels} rows={comparisons} columns={columns} keyOf={({ level }) => String(level)} />
          </Disclosure>
        </>
      ) : (
        <Group justify="space-between">
          <Text size="sm" maw={560}>
            {texts.offer(results.model.title, results.suite.title, isElsewhere)}
          </Text>
          {!isElsewhere && (
            <Button size="sm" variant="light" onClick={() => void start()} loading={run === 'running'}>
              {texts.recompute}
            </Button>
          )}
        </Group>
      )}
    </Alert>
  );
}

type Comparison = NonNullable<NonNullable<ExploreState['link']>['comparisons']>[number];

const columns: readonly Column<Comparison>[] = columnsOf(texts.columns, {
  level: { isRowHeader: true, cell: ({ label }) => label },
  n: ({ probes }) => count(probes),
  linkHits: ({ linkHits }) => count(linkHits),
  ownHits: ({ ownHits }) => count(ownHits),
  different: ({ different }) => count(different),
});
