import { Button, Group, Stack, Text } from '@mantine/core';
import { type CSSProperties, useMemo } from 'react';
import { describeRecipe } from '../../app/catalogue.ts';
import { type LayerRow, layerRows, meanError } from '../../app/layers.ts';
import { measureLayers, shownForecasts, useLayers } from '../../app/measure.ts';
import { keyOf } from '../../app/shown.ts';
import { type CurvePoint, currentPoint } from '../../app/store.ts';
import { preparingWords, siteWords } from '../../app/words.ts';
import type { Report } from '../../lab/compress/size.ts';
import type { Site } from '../../lab/model/site.ts';
import { Failure } from '../parts/Failure.tsx';
import { count, percent } from '../parts/format.ts';
import { Panel } from '../parts/Panel.tsx';
import table from '../parts/table.module.css';
import { useDeferredLab } from '../parts/useDeferredLab.ts';
import classes from './layers.module.css';

/** What compression did to each layer, in numbers that say less about forgetting than one would think. */
export function Layers() {
  const point = useDeferredLab(currentPoint);
  const sites = useDeferredLab((state) => state.opened?.model.sites);
  const report = point?.result?.report;
  if (!point || !report || !sites) return null;
  return (
    <Panel title={`Error in each layer, at ${point.label}`}>
      {report.sites.length === 0 ? (
        <Text size="sm">Uncompressed: every layer is as it came.</Text>
      ) : (
        <Errors recipe={point.recipe} report={report} sites={sites} />
      )}
    </Panel>
  );
}

function Errors({ recipe, report, sites }: { recipe: CurvePoint['recipe']; report: Report; sites: readonly Site[] }) {
  const points = useDeferredLab((state) => state.points);
  const { measured, measuring, error } = useLayers();
  const key = keyOf(recipe);
  const found = key === null ? undefined : measured.get(key);
  const rows = useMemo(() => layerRows(report.sites, sites, found), [report, sites, found]);
  const forecasts = useMemo(() => shownForecasts(points, measured), [points, measured]);
  const snr = report.touched?.snrDb ?? null;
  const lost = forecasts.find((row) => row.key === key);
  const isMine = measuring !== null && measuring.key === key;
  return (
    <Stack gap="sm">
      <Text size="sm" className="lossy-numbers">
        The weights keep {snr === null ? 'everything' : decibels(snr)} of signal to noise
        {found && (
          <>
            ; of what comes out of a layer <b>{percent(meanError(found))}</b> is error, on average
          </>
        )}
        {lost && (
          <>
            ; the model {lost.lost < 0 ? 'gained' : 'lost'} <b>{pointsOf(Math.abs(lost.lost))}</b> of accuracy (n ={' '}
            {count(lost.asked)})
          </>
        )}
        .
      </Text>
      {!found && (
        <Group gap="sm">
          <Button
            size="xs"
            variant="light"
            loading={isMine}
            disabled={measuring !== null}
            onClick={() => void measureLayers()}
          >
            Measure what comes out of each layer
          </Button>
          <Text size="xs" c="dimmed" className="lossy-numbers">
            {isMine
              ? preparingWords(measuring.progress) || 'waiting for the piece in progress'
              : 'Every layer gets the texts’ own inputs, before and after: its reconstruction error.'}
          </Text>
        </Group>
      )}
      {error && <Failure error={error} onClose={() => useLayers.setState({ error: null })} />}
      <details>
        <summary>
          <Text size="sm" span>
            Layer by layer ({rows.length})
          </Text>
        </summary>
        <LayerTable rows={rows} isMeasured={found !== undefined} />
      </details>
      {forecasts.length > 1 && (
        <details>
          <summary>
            <Text size="sm" span>
              Does it tell what is forgotten?
            </Text>
          </summary>
          <Text size="xs" c="dimmed" my={4}>
            Errors of weights and of layers beside the accuracy that was lost: every level of this curve, and whatever
            else was measured since the page was opened. Two recipes with the same error may forget very different
            amounts.
          </Text>
          <div className={table.scroll}>
            <table className={table.table}>
              <thead>
                <tr>
                  <th scope="col">Level or recipe</th>
                  <th scope="col">Signal to noise</th>
                  <th scope="col">Output error</th>
                  <th scope="col">Accuracy lost</th>
                  <th scope="col">n</th>
                </tr>
              </thead>
              <tbody>
                {forecasts.map((row) => (
                  <tr key={row.key} className={row.key === key ? table.chosen : undefined}>
                    <th scope="row" className={table.text}>
                      {row.label ?? describeRecipe(row.recipe)}
                    </th>
                    <td>{row.snrDb === null ? '∞' : decibels(row.snrDb)}</td>
                    <td>{row.outputError === null ? '–' : percent(row.outputError)}</td>
                    <td>{pointsOf(row.lost)}</td>
                    <td>{count(row.asked)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </Stack>
  );
}

function LayerTable({ rows, isMeasured }: { rows: readonly LayerRow[]; isMeasured: boolean }) {
  const errors = rows.map(({ output }) => output?.relativeError ?? 0).filter(Number.isFinite);
  const most = Math.max(...errors) || 1;
  return (
    <div className={table.scroll}>
      <table className={`${table.table} ${classes.narrow}`}>
        <thead>
          <tr>
            <th scope="col">Layer</th>
            {isMeasured && (
              <>
                <th scope="col">Output error</th>
                <th scope="col">of its variance</th>
              </>
            )}
            <th scope="col">Signal to noise</th>
            <th scope="col">Squared error (MSE)</th>
            <th scope="col">Zeros</th>
            <th scope="col">Bits a weight</th>
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
              <td>{size.snrDb === null ? 'unchanged' : decibels(size.snrDb)}</td>
              <td>{size.mse === 0 ? '0' : size.mse.toExponential(1)}</td>
              <td>{percent(size.sparsity)}</td>
              <td>{size.bitsPerWeight.toFixed(2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const decibels = (value: number) => `${value.toFixed(1)}\u00a0dB`;
const pointsOf = (share: number) => `${(share * 100).toFixed(1)} points`;
const percentOrMore = (share: number) => (Number.isFinite(share) ? percent(share) : 'beyond measure');
