import { Text } from '@mantine/core';
import { layoutWords } from '../../app/words.ts';
import type { Bytes } from '../../lab/compress/size.ts';
import { bytes } from '../parts/format.ts';
import table from '../parts/table.module.css';

/** What the whole model takes in each layout that suits it. */
export function Sizes({ sizes }: { sizes: Bytes }) {
  const known: Readonly<Partial<Record<string, number | null>>> = { ...sizes };
  return (
    <details>
      <summary>
        <Text size="sm" span>
          Size in every layout
        </Text>
      </summary>
      <div className={table.scroll}>
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">Layout</th>
              <th scope="col">Whole model</th>
              <th scope="col">of the file</th>
            </tr>
          </thead>
          <tbody>
            {layoutWords.map(({ id, label, help }) => {
              const size = known[id];
              if (size === undefined || size === null) return null;
              return (
                <tr key={id}>
                  <th scope="row" className={table.text}>
                    {label}
                    <Text size="xs" c="dimmed">
                      {help}
                    </Text>
                  </th>
                  <td>{bytes(size)}</td>
                  <td>{((size / sizes.dense) * 100).toFixed(0)} %</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </details>
  );
}
