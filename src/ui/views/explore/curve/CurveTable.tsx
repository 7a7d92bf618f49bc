import { Text } from '@mantine/core';
import { partOf } from '../../../parts/format.ts';
import table from '../../../parts/table.module.css';
import { curve as texts } from '../../../texts/curve.ts';
import { asTable } from '../../../texts/parts.ts';
import type { Drawn } from './points.ts';

/** The curve in numbers, for whoever does not see it and whoever wants to copy it. */
export function CurveTable({ points }: { points: readonly Drawn[] }) {
  return (
    <details>
      <summary>
        <Text size="sm" span>
          {asTable}
        </Text>
      </summary>
      <div className={table.scroll}>
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{texts.columns.level}</th>
              <th scope="col">{texts.columns.precision}</th>
              <th scope="col">{texts.columns.interval}</th>
              <th scope="col">{texts.columns.n}</th>
            </tr>
          </thead>
          <tbody>
            {points.map(({ level, label, share, band: [low, high], probes, of, isEstimated, isFromLink }) => (
              <tr key={level}>
                <th scope="row">
                  {label}
                  {texts.levelNote(isFromLink, isEstimated)}
                </th>
                <td>{texts.share(share.toFixed(isEstimated ? 0 : 1), isEstimated)}</td>
                <td>{texts.interval(low.toFixed(1), high.toFixed(1))}</td>
                <td>{isEstimated ? texts.noN : partOf(probes, of)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
