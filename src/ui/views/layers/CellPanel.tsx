import { Button, Group, Select, Skeleton, Stack, Text } from '@mantine/core';
import { type CSSProperties, lazy, Suspense, useDeferredValue, useMemo } from 'react';
import { commandOf } from '../../../app/recipe/command.ts';
import { preparingWords, siteWords } from '../../../app/recipe/words.ts';
import {
  chosenCell,
  chosenSite,
  closeMeasureError,
  measure,
  setSite,
  stopMeasuring,
} from '../../../app/views/layers/layers.ts';
import { type CellState, useLayers } from '../../../app/views/layers/layers-store.ts';
import { type LayerRow, layerRows, meanError } from '../../../app/views/layers/rows.ts';
import { cellWords } from '../../../app/views/layers/words.ts';
import type { Site } from '../../../lab/model/site.ts';
import { Figure } from '../../parts/export/Figure.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { count, percent } from '../../parts/format.ts';
import { Panel } from '../../parts/Panel.tsx';
import { Term } from '../../parts/Term.tsx';
import table from '../../parts/table.module.css';
import { layers as texts } from '../../texts/layers.ts';
import { citedSubject } from './cite.ts';
import classes from './layers.module.css';
import { decibels, percentOrMore } from './look.ts';

// The chart library is larger than the rest of the page: it comes after it.
const HistogramChart = lazy(() => import('./HistogramChart.tsx'));
const height = 260;

/** What compression did to the layers of the chosen part. */
export function CellPanel() {
  const cell = useDeferredValue(useLayers(chosenCell));
  const sites = useLayers((state) => state.model?.sites);
  if (!cell || !sites) return null;
  return (
    <Panel title={texts.cell(cellWords.labelOf(cell.scope))}>
      {cell.problem !== null ? (
        <Text size="sm">{cell.problem}</Text>
      ) : !cell.report ? (
        <Text size="sm">{texts.cellUnknown}</Text>
      ) : cell.report.sites.length === 0 ? (
        <Text size="sm">{texts.untouched}</Text>
      ) : (
        <Inside cell={cell} sites={sites} />
      )}
    </Panel>
  );
}

function Inside({ cell, sites }: { cell: CellState; sites: readonly Site[] }) {
  const { report, outputs, loss } = cell;
  const measuring = useLayers((state) => state.measuring);
  const error = useLayers((state) => state.measureError);
  const isRunning = useLayers((state) => state.work.status === 'running');
  const rows = useMemo(() => layerRows(report?.sites ?? [], sites, outputs), [report, sites, outputs]);
  const snr = report?.touched?.snrDb ?? null;
  const words = texts.sentence;
  return (
    <Stack gap="sm">
      <Text size="sm" className="lossy-numbers">
        {words.weights} {snr === null ? words.everything : decibels(snr)} <Term id="snr">{words.snr}</Term>
        {outputs && words.outputs(percentOrMore(meanError(outputs)))}
        {loss && words.lost(percent(loss.share), count(loss.known))}.
      </Text>
      {!outputs && (
        <Group gap="sm">
          <Button
            size="xs"
            variant="light"
            disabled={measuring !== null || isRunning}
            onClick={() => void measure([cell])}
          >
            {texts.measure}
          </Button>
          {measuring && (
            <Button size="xs" variant="default" onClick={stopMeasuring}>
              {texts.stop}
            </Button>
          )}
          <Text size="xs" c="dimmed" className="lossy-numbers">
            {measuring ? preparingWords(measuring.progress) || texts.waiting : texts.measureNote}
          </Text>
        </Group>
      )}
      {error && <Failure error={error} onClose={closeMeasureError} />}
      <Spread cell={cell} rows={rows} />
      <details>
        <summary>
          <Text size="sm" span>
            {texts.layerByLayer(count(rows.length))}
          </Text>
        </summary>
        <LayerTable rows={rows} isMeasured={outputs !== null} />
      </details>
    </Stack>
  );
}

/** How the weights of one layer are spread before and after. */
function Spread({ cell, rows }: { cell: CellState; rows: readonly LayerRow[] }) {
  const site = useLayers(chosenSite);
  const found = useLayers((state) => state.histogram);
  const histogram = found && found.key === cell.key && found.site === site ? found.counts : null;
  const nameOf = (row: LayerRow) => (row.site ? siteWords(row.site) : row.name);
  const row = rows.find(({ name }) => name === site);
  const name = row ? nameOf(row) : '';
  return (
    <div>
      <Select
        label={texts.histogramOf}
        size="sm"
        maw={360}
        mb="xs"
        allowDeselect={false}
        data={rows.map((entry) => ({ value: entry.name, label: nameOf(entry) }))}
        value={site}
        onChange={(chosen) => chosen && setSite(chosen)}
      />
      {histogram ? (
        <Figure
          cited={() => ({
            title: texts.cited.histogram(name),
            subject: citedSubject(),
            n: `${count(row?.size.parameters ?? 0)} ${texts.weights}`,
            keys: [cell.key],
          })}
          rows={() =>
            histogram.before.map((before, at) => ({
              from: histogram.edges[at],
              to: histogram.edges[at + 1],
              before,
              after: histogram.after[at],
            }))
          }
          commands={() => [commandOf(useLayers.getState().choice, cell.recipe)]}
        >
          <Suspense fallback={<Skeleton height={height} />}>
            <HistogramChart height={height} histogram={histogram} label={texts.histogram(name)} />
          </Suspense>
        </Figure>
      ) : (
        <Skeleton height={height} />
      )}
      <Text size="xs" c="dimmed" className="lossy-numbers" mih={18}>
        {histogram &&
          texts.histogramNote(
            count(histogram.zerosBefore),
            count(histogram.zerosAfter),
            count(row?.size.parameters ?? 0),
          )}
      </Text>
    </div>
  );
}

function LayerTable({ rows, isMeasured }: { rows: readonly LayerRow[]; isMeasured: boolean }) {
  const errors = rows.map(({ output }) => output?.relativeError ?? 0).filter(Number.isFinite);
  const most = Math.max(...errors) || 1;
  const heads = texts.layerHeads;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach it
    <section className={classes.tall} tabIndex={0} aria-label={texts.layerByLayer(count(rows.length))}>
      <table className={`${table.table} ${classes.narrow}`}>
        <thead>
          <tr>
            <th scope="col">{heads.layer}</th>
            {isMeasured && (
              <>
                <th scope="col">{heads.output}</th>
                <th scope="col">{heads.variance}</th>
              </>
            )}
            <th scope="col">{heads.snr}</th>
            <th scope="col">{heads.mse}</th>
            <th scope="col">{heads.zeros}</th>
            <th scope="col">{heads.bits}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, site, size, output }) => (
            <tr key={name}>
              <th scope="row" title={name} className={classes.name}>
                {site ? siteWords(site) : name}
              </th>
              {isMeasured && (
                <>
                  <td
                    className={classes.bar}
                    style={{ '--share': Math.min(1, (output?.relativeError ?? 0) / most) } as CSSProperties}
                  >
                    {output ? percentOrMore(output.relativeError) : '–'}
                  </td>
                  <td>{output ? percentOrMore(output.varianceShare) : '–'}</td>
                </>
              )}
              <td>{size.snrDb === null ? texts.unchanged : decibels(size.snrDb)}</td>
              <td>{size.mse === 0 ? '0' : size.mse.toExponential(1)}</td>
              <td>{percent(size.sparsity)}</td>
              <td>{size.bitsPerWeight.toFixed(2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
