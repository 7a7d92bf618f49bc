import { Text } from '@mantine/core';
import { useDeferredValue } from 'react';
import { commandOf } from '../../../app/recipe/command.ts';
import { setCell } from '../../../app/views/layers/layers.ts';
import { type CellState, useLayers } from '../../../app/views/layers/layers-store.ts';
import { errorOf } from '../../../app/views/layers/rows.ts';
import { cellWords } from '../../../app/views/layers/words.ts';
import { Figure } from '../../parts/export/Figure.tsx';
import { count, percent, range } from '../../parts/format.ts';
import { Panel } from '../../parts/Panel.tsx';
import table from '../../parts/table.module.css';
import { layers as texts } from '../../texts/layers.ts';
import { askedWords, citedSubject, rowsOf } from './cite.ts';
import { HeatMap } from './HeatMap.tsx';
import classes from './layers.module.css';
import { decibels, percentOrMore } from './look.ts';

/** The sensitivity of every part of the model. */
export function MapPanel() {
  const map = useLayers((state) => state.map);
  const cells = useDeferredValue(useLayers((state) => state.cells));
  const chosen = useLayers((state) => state.choice.cell);
  if (!map || cells.length === 0) return null;
  return (
    <Panel title={texts.map}>
      <Text size="xs" c="dimmed" mb="xs">
        {texts.mapNote} {texts.mapKeys} {map.outside.length > 0 && texts.outside(map.outside.join(', '))}
      </Text>
      <Figure
        cited={() => ({
          title: texts.cited.map,
          subject: citedSubject(),
          n: texts.citedN(askedWords(cells)),
          keys: cells.filter(({ loss }) => loss).map(({ key }) => key),
        })}
        rows={() => rowsOf(cells)}
        commands={commands}
      >
        <HeatMap map={map} cells={cells} chosen={chosen} onChoose={setCell} />
      </Figure>
      <details>
        <summary>
          <Text size="sm" span>
            {texts.table}
          </Text>
        </summary>
        <CellTable cells={cells} chosen={chosen} />
      </details>
    </Panel>
  );
}

function commands(): string[] {
  const { choice, cells, of } = useLayers.getState();
  return [[], ...cells.filter(({ loss }) => loss).map(({ recipe }) => recipe)].map((recipe) =>
    commandOf(choice, recipe, choice.amount === 0 || choice.amount >= of ? undefined : choice.amount),
  );
}

function CellTable({ cells, chosen }: { cells: readonly CellState[]; chosen: string }) {
  const heads = texts.tableHeads;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach it
    <section className={classes.tall} tabIndex={0} aria-label={texts.map}>
      <table className={`${table.table} ${classes.narrow}`}>
        <thead>
          <tr>
            <th scope="col">{heads.part}</th>
            <th scope="col">{heads.weights}</th>
            <th scope="col">{heads.lost}</th>
            <th scope="col">{heads.interval}</th>
            <th scope="col">{heads.known}</th>
            <th scope="col">{heads.gained}</th>
            <th scope="col">{heads.snr}</th>
            <th scope="col">{heads.output}</th>
            <th scope="col">{heads.zeros}</th>
          </tr>
        </thead>
        <tbody>
          {cells.map((cell) => {
            const { scope, parameters, loss, report, problem } = cell;
            const snr = report?.touched?.snrDb ?? null;
            const error = errorOf(cell, 'outputs');
            return (
              <tr key={scope} className={scope === chosen ? table.chosen : undefined}>
                <th scope="row" className={classes.name}>
                  {cellWords.labelOf(scope)}
                </th>
                <td>{count(parameters)}</td>
                <td>{problem !== null ? texts.impossible : loss ? percent(loss.share) : texts.notAsked}</td>
                <td>{loss ? range(loss) : '–'}</td>
                <td>{loss ? count(loss.known) : '–'}</td>
                <td>{loss ? count(loss.gained) : '–'}</td>
                <td>{snr === null ? '–' : decibels(snr)}</td>
                <td>{error === null ? '–' : percentOrMore(error)}</td>
                <td>{report?.touched ? percent(report.touched.sparsity) : '–'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
