import { Text } from '@mantine/core';
import type { Figure } from '../../../app/projection/groups.ts';
import { familyWordsOf } from '../../../app/recipe/words.ts';
import type { Measure } from '../../../app/views/families/families-choice.ts';
import type { Group } from '../../../app/views/families/groups.ts';
import { dropOf } from '../../../app/views/families/sentence.ts';
import type { FamilyId } from '../../../lab/model/site.ts';
import { partOf } from '../../parts/format.ts';
import table from '../../parts/table.module.css';
import { familiesGroups as texts } from '../../texts/families.ts';
import { asTable } from '../../texts/parts.ts';

interface Props {
  /** What the rows are. */
  head: string;
  rows: readonly Group[];
  families: readonly FamilyId[];
  measure: Measure;
}

/** Figures in numbers, for whoever does not see the chart and whoever wants to copy them. */
export function FiguresTable({ head, rows, families, measure }: Props) {
  return (
    <details>
      <summary>
        <Text size="sm" span>
          {asTable}
        </Text>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      <section className={table.scroll} style={{ maxHeight: 480 }} aria-label={texts.table(head)} tabIndex={0}>
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{head}</th>
              {families.map((family) => (
                <th key={family} scope="col">
                  {familyWordsOf(family).term}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ id, label, note, figures }) => (
              <tr key={id}>
                <th scope="row">
                  {label} {note && <span className={table.note}>{note}</span>}
                </th>
                {families.map((family) => (
                  <td key={family}>
                    <Cell figure={figures[family]} measure={measure} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

function Cell({ figure, measure }: { figure: Figure | undefined; measure: Measure }) {
  if (!figure) return texts.unknown;
  const { share, low, high, probes, of, isFew } = figure;
  return (
    <>
      {texts.cell((share * 100).toFixed(1))}
      <span className={table.note}>
        {texts.cellNote(
          (low * 100).toFixed(1),
          (high * 100).toFixed(1),
          measure === 'relative' ? dropOf(figure).toFixed(1) : null,
          partOf(probes, of),
          isFew,
        )}
      </span>
    </>
  );
}
