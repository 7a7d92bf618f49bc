import { Text } from '@mantine/core';
import { keptOf, type LevelResult } from '../../../../app/projection/level-result.ts';
import type { Column } from '../../../parts/tables/columns.ts';
import { DataTable } from '../../../parts/tables/DataTable.tsx';
import { facts as texts } from '../../../texts/facts.ts';
import { NoAnswers } from './Answers.tsx';

interface Props {
  title: string;
  result: LevelResult | null;
  /** Where the probe stands in the order of asking. */
  place: number;
  options: readonly string[];
  /** Number of the right one. */
  right: number;
}

/** A choice's options, each with how likely the model finds it: the likeliest is its answer. */
export function Options({ title, result, place, options, right }: Props) {
  const kept = keptOf(result, place);
  const scores = new Map(kept?.top.map(({ id, logProb }) => [id, logProb]));
  const rows = options.map(
    (option, at): Row => ({
      option,
      score: scores.get(at),
      isRight: at === right,
      isChosen: at === kept?.top[0].id,
    }),
  );
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {title}
      </Text>
      {kept ? (
        <DataTable
          label={title}
          rows={rows}
          columns={columns}
          keyOf={(_, at) => String(at)}
          isChosen={({ isChosen }) => isChosen}
        />
      ) : (
        <NoAnswers result={result} />
      )}
    </div>
  );
}

interface Row {
  option: string;
  /** Its log-probability; undefined where it is not kept. */
  score: number | undefined;
  isRight: boolean;
  isChosen: boolean;
}

const columns: readonly Column<Row>[] = [
  {
    id: 'option',
    header: texts.option,
    isRowHeader: true,
    style: ({ isRight }) => (isRight ? { fontWeight: 700 } : undefined),
    cell: ({ option, isRight, isChosen }) => (
      <>
        {option} {isRight && texts.rightOption} {isChosen && !isRight && texts.chosenOption}
      </>
    ),
  },
  { id: 'likelihood', header: texts.likelihood, cell: ({ score }) => score?.toFixed(2) ?? '…' },
];
