import { Text } from '@mantine/core';
import { count } from '../parts/format.ts';
import table from '../parts/table.module.css';
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
      <div className={table.scroll}>
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">Level</th>
              <th scope="col">P@1</th>
              <th scope="col">95 % interval</th>
              <th scope="col">n</th>
            </tr>
          </thead>
          <tbody>
            {points.map(({ level, label, share, band: [low, high], probes, of, isEstimated, isFromLink }) => (
              <tr key={level}>
                <th scope="row">
                  {label}
                  {isFromLink ? ' (from the link)' : ''}
                  {isEstimated ? ' (estimated)' : ''}
                </th>
                <td>{isEstimated ? `about ${share.toFixed(0)}` : share.toFixed(1)} %</td>
                <td>
                  {low.toFixed(1)} to {high.toFixed(1)} %
                </td>
                <td>{isEstimated ? 'none' : probes === of ? count(of) : `${count(probes)} of ${count(of)}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
