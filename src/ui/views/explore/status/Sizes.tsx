import { Text } from '@mantine/core';
import { layoutWords } from '../../../../app/recipe/words.ts';
import type { Bytes } from '../../../../lab/compress/size.ts';
import { bytes } from '../../../parts/format.ts';
import { Term } from '../../../parts/Term.tsx';
import table from '../../../parts/table.module.css';
import { sizes as texts } from '../../../texts/status.ts';

/** What the whole model takes in each layout that suits it. */
export function Sizes({ sizes }: { sizes: Bytes }) {
  const known: Readonly<Partial<Record<string, number | null>>> = { ...sizes };
  return (
    <details>
      <summary>
        <Text size="sm" span>
          {texts.title}
        </Text>
      </summary>
      <div className={table.scroll}>
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{texts.layout}</th>
              <th scope="col">{texts.model}</th>
              <th scope="col">{texts.share}</th>
            </tr>
          </thead>
          <tbody>
            {layoutWords.map(({ id, label, help }) => {
              const size = known[id];
              if (size === undefined || size === null) return null;
              return (
                <tr key={id}>
                  <th scope="row" className={table.text}>
                    {id === 'entropy' ? <Term id="entropy">{label}</Term> : label}
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
