import { Alert, Button, Group, Table, Text } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import { start } from '../../app/lab.ts';
import { isOwnSuite } from '../../app/own-id.ts';
import { usePage } from '../../app/page.ts';
import { useLab } from '../../app/store.ts';
import { count } from '../parts/format.ts';

/** Says that what is shown came with a link, and offers to compute it again. */
export function LinkNote() {
  const link = useLab((state) => state.link);
  const run = useLab((state) => state.run.status);
  const load = useLab((state) => state.load.status);
  const opened = useLab((state) => state.opened);
  const suite = useLab((state) => state.choice.suite);
  const isElsewhere = usePage((state) => isOwnSuite(suite) && !state.own.some(({ id }) => id === suite));
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
      title={comparisons ? 'Compared with the link' : 'These results are from the link'}
    >
      {isOther && (
        <Text size="sm">
          The link was made with another version of this model or of these facts: the numbers need not be equal.
        </Text>
      )}
      {comparisons ? (
        <>
          <Text size="sm">
            {different === 0
              ? `This browser gives the same outcome for all ${count(compared)} answers in the link.`
              : `This browser gives another outcome for ${count(different)} of ${count(compared)} answers in the link.`}
          </Text>
          <details>
            <summary>
              <Text size="sm" span>
                Level by level
              </Text>
            </summary>
            <Table className="lossy-numbers" verticalSpacing={2}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">Level</Table.Th>
                  <Table.Th scope="col">n</Table.Th>
                  <Table.Th scope="col">Hits in the link</Table.Th>
                  <Table.Th scope="col">Hits here</Table.Th>
                  <Table.Th scope="col">Different</Table.Th>
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
            {results.model.title}, {results.suite.title}. Nothing was downloaded or computed here yet.{' '}
            {isElsewhere
              ? 'The questions are files of whoever made the link: they stay on that machine, so that nothing can be computed again here. With the same files you can: choose them under “Use your own facts”.'
              : 'You can compute everything again on this machine and compare; with the model you can also read every fact.'}
          </Text>
          {!isElsewhere && (
            <Button
              size="sm"
              variant="light"
              onClick={() => void start()}
              loading={load === 'loading' || run === 'running'}
            >
              Recompute and compare
            </Button>
          )}
        </Group>
      )}
    </Alert>
  );
}
