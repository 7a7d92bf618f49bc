import { Text } from '@mantine/core';
import { keptOf, type LevelResult } from '../../../../app/projection/level-result.ts';
import table from '../../../parts/table.module.css';
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
  const chosen = kept?.top[0].id;
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {title}
      </Text>
      {kept ? (
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{texts.option}</th>
              <th scope="col">{texts.likelihood}</th>
            </tr>
          </thead>
          <tbody>
            {options.map((option, index) => (
              <tr key={index} className={index === chosen ? table.chosen : undefined}>
                <th scope="row" style={{ fontWeight: index === right ? 700 : 400 }}>
                  {option} {index === right && texts.rightOption}{' '}
                  {index === chosen && index !== right && texts.chosenOption}
                </th>
                <td>{scores.get(index)?.toFixed(2) ?? '…'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <NoAnswers result={result} />
      )}
    </div>
  );
}
