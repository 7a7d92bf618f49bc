import { Text } from '@mantine/core';
import { hit, keptOf, unasked } from '../../../../app/projection/level-result.ts';
import { setCurrent } from '../../../../app/views/explore/edit.ts';
import { currentLevel } from '../../../../app/views/explore/explore-store.ts';
import { percent } from '../../../parts/format.ts';
import type { Column } from '../../../parts/tables/columns.ts';
import { DataTable } from '../../../parts/tables/DataTable.tsx';
import { useDeferredExplore } from '../../../parts/useDeferredExplore.ts';
import { facts as texts } from '../../../texts/facts.ts';
import { useWords } from './useWords.ts';

interface Props {
  probe: number;
  /** Where it stands in the order of asking. */
  place: number;
  /** A question's options; null for a fact. */
  options: readonly string[] | null;
}

/** One fact over all levels: where it goes, and what takes its place. */
export function History({ probe, place, options }: Props) {
  const points = useDeferredExplore((state) => state.points);
  const current = useDeferredExplore(currentLevel);
  const rows = points.map(({ level, label, result }) => {
    const kept = keptOf(result, place);
    return { level, label, outcome: result?.outcomes[probe] ?? unasked, top: kept?.top[0], rank: kept?.rank };
  });
  const words = useWords(options ? [] : rows.flatMap(({ top }) => (top ? [top.id] : [])));
  let asked = 0;
  const answers = rows.map(({ top }) =>
    top === undefined ? null : options ? options[top.id] : (words[asked++] ?? ''),
  );
  const known = rows.flatMap((row, index) => (row.outcome === unasked ? [] : [{ ...row, word: answers[index] }]));
  return (
    <div>
      <Text size="sm" className="lossy-numbers">
        {fateWords(known)}
      </Text>
      <DataTable
        label={texts.history}
        rows={rows.map((row, at) => ({ ...row, word: answers[at] }))}
        columns={options ? optionColumns : columns}
        keyOf={({ level }) => String(level)}
        isChosen={({ level }) => level === current}
        onChoose={choose}
      />
    </div>
  );
}

interface Row {
  level: number;
  label: string;
  outcome: number;
  top: { logProb: number } | undefined;
  rank: number | undefined;
  /** What it says. */
  word: string | null;
}

const choose = ({ level }: Row) => setCurrent(level);

const optionColumns: readonly Column<Row>[] = [
  { id: 'level', header: texts.level, isRowHeader: true, cell: ({ label }) => label },
  {
    id: 'outcome',
    header: texts.outcome,
    cell: ({ outcome }) => (outcome === unasked ? texts.isUnasked : outcome === hit ? texts.isRight : texts.isWrong),
  },
  { id: 'word', header: texts.says, cell: ({ word }) => word ?? '' },
];

const columns: readonly Column<Row>[] = [
  ...optionColumns,
  {
    id: 'probability',
    header: texts.probability,
    cell: ({ top }) => (top ? percent(Math.exp(top.logProb)) : ''),
  },
  { id: 'rank', header: texts.rank, cell: ({ rank }) => rank ?? '' },
];

interface Asked {
  label: string;
  outcome: number;
  word: string | null;
}

/** When it goes and what replaces it, from the levels that were asked. */
function fateWords(asked: readonly Asked[]): string {
  if (asked.length === 0) return texts.notAsked;
  const lost = asked.findIndex(
    ({ outcome }, at) => outcome !== hit && asked.slice(0, at).some((before) => before.outcome === hit),
  );
  if (lost < 0) return asked.some(({ outcome }) => outcome === hit) ? texts.stays : texts.never;
  const back = asked.slice(lost).find(({ outcome }) => outcome === hit);
  return texts.goes(asked[lost].label, asked[lost].word || null) + (back ? texts.returns(back.label) : '');
}
