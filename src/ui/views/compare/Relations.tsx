import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { look } from '../../../app/views/compare/compare.ts';
import { useCompare } from '../../../app/views/compare/compare-store.ts';
import { count, percent } from '../../parts/format.ts';
import { Panel } from '../../parts/Panel.tsx';
import table from '../../parts/table.module.css';
import { compare as texts } from '../../texts/compare.ts';
import { pWords } from './Summary.tsx';
import { useBeside, useCompared } from './useCompared.ts';

/** Which relations part the two; a click on one shows its facts. */
export function Relations() {
  const compared = useCompared();
  const chosen = useCompare((state) => state.choice.relation);
  const rows = useMemo(
    () =>
      [...(compared?.relations ?? [])].sort(
        (x, y) => x.p - y.p || y.lost + y.gained - x.lost - x.gained || x.label.localeCompare(y.label),
      ),
    [compared],
  );
  const columns = texts.columns(useBeside());
  return (
    <Panel title={texts.relations}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      <section className={table.scroll} style={{ height: 360 }} aria-label={texts.relations} tabIndex={0}>
        <table className={table.table}>
          <thead>
            <tr>
              {Object.entries(columns).map(([id, title]) => (
                <th key={id} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ id, label, n, a, b, lost, gained, p, adjusted }) => (
              <tr key={id} className={chosen === id ? table.chosen : undefined}>
                <th scope="row">
                  <button
                    type="button"
                    className={table.button}
                    aria-pressed={chosen === id}
                    onClick={() => look({ relation: chosen === id ? null : id })}
                  >
                    {label}
                  </button>
                </th>
                <td>{count(n)}</td>
                <td>{percent(a / n, 0)}</td>
                <td>{percent(b / n, 0)}</td>
                <td>{count(lost)}</td>
                <td>{count(gained)}</td>
                <td>
                  {gained > lost ? '+' : gained < lost ? '−' : ''}
                  {count(Math.abs(gained - lost))}
                </td>
                <td>{pWords(p)}</td>
                <td>{pWords(adjusted)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Text size="xs" c="dimmed" mt="xs">
        {texts.relationsNote}
      </Text>
    </Panel>
  );
}
