import { Button, Group, Select, Skeleton, Stack, Text } from '@mantine/core';
import { lazy, useDeferredValue, useMemo } from 'react';
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
import { Disclosure } from '../../parts/Disclosure.tsx';
import { Figure } from '../../parts/export/Figure.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { count, percent } from '../../parts/format.ts';
import { Hint } from '../../parts/Hint.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Term } from '../../parts/Term.tsx';
import { layers as texts } from '../../texts/layers.ts';
import { decibels, percentOrMore } from './cell-format.ts';
import { citedSubject } from './cite.ts';
import { LayerTable } from './LayerTable.tsx';

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
        <CellDetails cell={cell} sites={sites} />
      )}
    </Panel>
  );
}

function CellDetails({ cell, sites }: { cell: CellState; sites: readonly Site[] }) {
  const { report, outputs, loss } = cell;
  const measuring = useLayers((state) => state.measuring);
  const error = useLayers((state) => state.measureError);
  const isRunning = useLayers((state) => state.run.status === 'running');
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
          <Hint className="lossy-numbers">
            {measuring ? preparingWords(measuring.progress) || texts.waiting : texts.measureNote}
          </Hint>
        </Group>
      )}
      {error && <Failure error={error} onClose={closeMeasureError} />}
      <WeightHistogram cell={cell} rows={rows} />
      <Disclosure title={texts.layerByLayer(count(rows.length))}>
        <LayerTable rows={rows} isMeasured={outputs !== null} />
      </Disclosure>
    </Stack>
  );
}

/** The distribution of a layer’s weights, before and after. */
function WeightHistogram({ cell, rows }: { cell: CellState; rows: readonly LayerRow[] }) {
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
        maw={360}
        mb="xs"
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
          height={height}
        >
          <HistogramChart height={height} histogram={histogram} label={texts.histogram(name)} />
        </Figure>
      ) : (
        <Skeleton height={height} />
      )}
      <Hint className="lossy-numbers" mih={18}>
        {histogram &&
          texts.histogramNote(
            count(histogram.zerosBefore),
            count(histogram.zerosAfter),
            count(row?.size.parameters ?? 0),
          )}
      </Hint>
    </div>
  );
}
