import { useMemo } from 'react';
import { familyWordsOf } from '../../../app/recipe/words.ts';
import type { Measure } from '../../../app/views/families/families-choice.ts';
import type { Group } from '../../../app/views/families/groups.ts';
import { dropOf } from '../../../app/views/families/sentence.ts';
import type { FamilyId } from '../../../lab/model/site.ts';
import { Disclosure } from '../../parts/Disclosure.tsx';
import { partOf } from '../../parts/format.ts';
import type { Column } from '../../parts/tables/columns.ts';
import { DataTable } from '../../parts/tables/DataTable.tsx';
import { Note } from '../../parts/tables/Note.tsx';
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
  const columns = useMemo(
    (): Column<Group>[] => [
      {
        id: 'group',
        header: head,
        isRowHeader: true,
        cell: ({ label, note }) => (
          <>
            {label} {note && <Note>{note}</Note>}
          </>
        ),
      },
      ...families.map(
        (family): Column<Group> => ({
          id: family,
          header: familyWordsOf(family).term,
          cell: ({ figures }) => figureWords(figures[family], measure),
        }),
      ),
    ],
    [head, families, measure],
  );
  return (
    <Disclosure title={asTable}>
      <DataTable label={texts.table(head)} rows={rows} columns={columns} keyOf={({ id }) => id} height={480} />
    </Disclosure>
  );
}

function figureWords(figure: Group['figures'][FamilyId], measure: Measure) {
  if (!figure) return texts.unknown;
  const { share, low, high, probes, of, isFew } = figure;
  return (
    <>
      {texts.cell((share * 100).toFixed(1))}
      <Note>
        {texts.cellNote(
          (low * 100).toFixed(1),
          (high * 100).toFixed(1),
          measure === 'relative' ? dropOf(figure).toFixed(1) : null,
          partOf(probes, of),
          isFew,
        )}
      </Note>
    </>
  );
}
