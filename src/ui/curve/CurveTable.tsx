import { Table, Text } from '@mantine/core';
import { count } from '../parts/format.ts';
import type { Drawn } from './points.ts';

/** The curve in numbers, for whoever does not see it and whoever wants to copy it. */
export function CurveTable({ points }: { points: readonly Drawn[] }) {
  return (
    <details>
      <summary>
        <Text size="sm" span>
          As a table
        </Text>
      </summary>
      <Table.ScrollContainer minWidth={320}>
        <Table className="lossy-numbers" striped>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Level</Table.Th>
              <Table.Th scope="col">P@1</Table.Th>
              <Table.Th scope="col">95 % interval</Table.Th>
              <Table.Th scope="col">n</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {points.map(({ level, label, share, band: [low, high], probes, of, isFromLink }) => (
              <Table.Tr key={level}>
                <Table.Th scope="row">
                  {label}
                  {isFromLink ? ' (from the link)' : ''}
                </Table.Th>
                <Table.Td>{share.toFixed(1)} %</Table.Td>
                <Table.Td>
                  {low.toFixed(1)} to {high.toFixed(1)} %
                </Table.Td>
                <Table.Td>{probes === of ? count(of) : `${count(probes)} of ${count(of)}`}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </details>
  );
}
