import { Table, Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { look } from '../../app/lab.ts';
import { currentPoint, useLab } from '../../app/store.ts';
import { count, percent, range } from '../parts/format.ts';
import { Panel } from '../parts/Panel.tsx';

type Column = 'label' | 'probes' | 'before' | 'now' | 'change';

const columns: { id: Column; title: string }[] = [
  { id: 'label', title: 'Relation' },
  { id: 'probes', title: 'n' },
  { id: 'before', title: 'Uncompressed' },
  { id: 'now', title: 'Now' },
  { id: 'change', title: 'Change' },
];

/** Each relation before and after, with intervals. */
export function RelationTable() {
  const [sort, setSort] = useState<{ by: Column; down: boolean }>({ by: 'change', down: false });
  const relations = useLab((state) => (state.probes ?? state.link?.results)?.relations);
  const baseline = useLab((state) => state.baseline.result);
  const result = useLab((state) => currentPoint(state)?.result ?? null);
  const chosen = useLab((state) => state.view.relation);
  const rows = (relations ?? []).map(({ id, label }) => {
    const before = baseline?.relationShares.get(id) ?? null;
    const now = result?.relationShares.get(id) ?? null;
    const change = before && now ? now.share - before.share : null;
    return { id, label, before, now, change, probes: now?.probes ?? 0, of: now?.of ?? 0 };
  });
  const value = (row: (typeof rows)[number]): number | string => {
    switch (sort.by) {
      case 'label':
        return row.label;
      case 'probes':
        return row.probes;
      case 'before':
        return row.before?.share ?? -1;
      case 'now':
        return row.now?.share ?? -1;
      case 'change':
        return row.change ?? 1;
    }
  };
  rows.sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    return (x < y ? -1 : x > y ? 1 : a.label.localeCompare(b.label)) * (sort.down ? -1 : 1);
  });
  return (
    <Panel title="Relations">
      <Table.ScrollContainer minWidth={460} mah={420}>
        <Table className="lossy-numbers" stickyHeader verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              {columns.map(({ id, title }) => (
                <Table.Th
                  key={id}
                  scope="col"
                  aria-sort={sort.by !== id ? 'none' : sort.down ? 'descending' : 'ascending'}
                >
                  <UnstyledButton
                    fz="sm"
                    fw={700}
                    onClick={() => setSort({ by: id, down: sort.by === id ? !sort.down : id === 'probes' })}
                  >
                    {title} {sort.by === id ? (sort.down ? '↓' : '↑') : ''}
                  </UnstyledButton>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ id, label, before, now, change, probes, of }) => (
              <Table.Tr key={id} bg={chosen === id ? 'var(--mantine-primary-color-light)' : undefined}>
                <Table.Th scope="row" fw={400}>
                  <UnstyledButton
                    fz="sm"
                    aria-pressed={chosen === id}
                    onClick={() => look({ relation: chosen === id ? null : id, probe: null })}
                  >
                    {label}
                  </UnstyledButton>
                </Table.Th>
                <Table.Td>{probes === of ? count(of) : `${count(probes)} of ${count(of)}`}</Table.Td>
                <Table.Td>{before ? percent(before.share) : '…'}</Table.Td>
                <Table.Td title={now ? `95 % interval ${range(now)}` : undefined}>
                  {now ? percent(now.share) : '…'}{' '}
                  {now && (
                    <Text span size="xs" c="dimmed">
                      ({range(now)})
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>{change === null ? '…' : `${change > 0 ? '+' : ''}${(change * 100).toFixed(1)}`}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="xs" c="dimmed" mt="xs">
        P@1 with its 95 % Wilson interval; change in percentage points.
      </Text>
    </Panel>
  );
}
