import { Text } from '@mantine/core';
import { hit, keptOf, unasked } from '../../../../app/projection/level-result.ts';
import { setCurrent } from '../../../../app/views/explore/edit.ts';
import { currentLevel } from '../../../../app/views/explore/explore-store.ts';
import { percent } from '../../../parts/format.ts';
import table from '../../../parts/table.module.css';
import { useDeferredLab } from '../../../parts/useDeferredLab.ts';
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
  const points = useDeferredLab((state) => state.points);
  const current = useDeferredLab(currentLevel);
  const rows = points.map(({ level, label, result }) => {
    const kept = keptOf(result, place);
    return { level, label, outcome: result?.outcomes[probe] ?? unasked, top: kept?.top[0], rank: kept?.rank };
  });
  const words = useWords(options ? [] : rows.flatMap(({ top }) => (top ? [top.id] : [])));
  let asked = 0;
  const said = rows.map(({ top }) => (top === undefined ? null : options ? options[top.id] : (words[asked++] ?? '')));
  const known = rows.flatMap((row, index) => (row.outcome === unasked ? [] : [{ ...row, word: said[index] }]));
  return (
    <div>
      <Text size="sm" className="lossy-numbers">
        {fateWords(known)}
      </Text>
      <div className={table.scroll}>
        <table className={table.table} aria-label={texts.history}>
          <thead>
            <tr>
              <th scope="col">{texts.level}</th>
              <th scope="col">{texts.outcome}</th>
              <th scope="col">{texts.says}</th>
              {!options && <th scope="col">{texts.probability}</th>}
              {!options && <th scope="col">{texts.rank}</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ level, label, outcome, top, rank }, index) => (
              <tr key={level} className={level === current ? table.chosen : undefined}>
                <th scope="row">
                  <button
                    type="button"
                    className={table.button}
                    aria-pressed={level === current}
                    onClick={() => setCurrent(level)}
                  >
                    {label}
                  </button>
                </th>
                <td>{outcome === unasked ? texts.isUnasked : outcome === hit ? texts.isRight : texts.isWrong}</td>
                <td>{said[index] ?? ''}</td>
                {!options && <td>{top ? percent(Math.exp(top.logProb)) : ''}</td>}
                {!options && <td>{rank ?? ''}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

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
