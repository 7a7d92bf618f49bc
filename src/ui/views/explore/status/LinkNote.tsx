import { Alert, Button, Group, Table, Text } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import { usePage } from '../../../../app/page/page.ts';
import { isUserSuite } from '../../../../app/storage/user-suite-id.ts';
import { start } from '../../../../app/views/explore/explore.ts';
import { useLab } from '../../../../app/views/explore/explore-store.ts';
import { count } from '../../../parts/format.ts';
import { linkNote as texts } from '../../../texts/status.ts';

/** Says that what is shown came with a link, and offers to compute it again. */
export function LinkNote() {
  const link = useLab((state) => state.link);
  const run = useLab((state) => state.run.status);
  const opened = useLab((state) => state.opened);
  const suite = useLab((state) => state.choice.suite);
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
          <details>
            <summary>
              <Text size="sm" span>
                {texts.levels}
              </Text>
            </summary>
            <Table className="lossy-numbers" verticalSpacing={2}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{texts.columns.level}</Table.Th>
                  <Table.Th scope="col">{texts.columns.n}</Table.Th>
                  <Table.Th scope="col">{texts.columns.linkHits}</Table.Th>
                  <Table.Th scope="col">{texts.columns.ownHits}</Table.Th>
                  <Table.Th scope="col">{texts.columns.different}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {comparisons.map(({ level, label, probes, linkHits, ownHits, different: other }) => (
                  <Table.Tr key={level}>
                    <Table.Th scope="row">{label}</Table.Th>
                    <Table.Td>{count(probes)}</Table.Td>
                    <Table.Td>{count(linkHits)}</Table.Td>
                    <Table.Td>{count(ownHits)}</Table.Td>
                    <Table.Td>{count(other)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </details>
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
