import { SimpleGrid, Text } from '@mantine/core';
import { asksTasks, currentEstimate, currentPoint, useLab } from '../../app/store.ts';
import { about, bytes, count, percent, range } from '../parts/format.ts';
import { Panel } from '../parts/Panel.tsx';
import { Sizes } from './Sizes.tsx';
import classes from './status.module.css';

type Item = [name: string, value: string, note: string];

/** The level's numbers, each with how it was made. */
export function Numbers() {
  const result = useLab((state) => currentPoint(state)?.result ?? null);
  const estimate = useLab(currentEstimate);
  const isTask = useLab(asksTasks);
  const options = useLab((state) => state.probes?.gold);
  if (!result && !estimate) return null;
  const report = result?.report;
  const touched = report?.touched ?? report?.total;
  const precision = (result?.summary ?? estimate!).precision;
  const asked = result?.summary.probes;
  const macroOver = `mean over ${isTask ? 'tasks' : 'relations'}`;
  const items: Item[] = [
    ...(isTask ? precision.slice(0, 1) : precision).map(
      (own): Item => [
        isTask ? 'Accuracy' : `P@${own.k}`,
        'hits' in own ? percent(own.share) : about(own),
        'hits' in own ? `${count(own.hits)} of ${count(asked!)}; ${range(own)}` : `estimated; ${range(own)}`,
      ],
    ),
    isTask
      ? ['By chance', chance(options), 'mean of 1 / options, where there are options']
      : [
          'MRR',
          result?.summary.mrr.toFixed(3) ?? '…',
          asked === undefined ? 'mean of 1 / rank' : `mean of 1 / rank, n = ${count(asked)}`,
        ],
    [
      isTask ? 'Macro accuracy' : 'Macro P@1',
      result ? percent(result.summary.macro.share) : about(estimate!.macro),
      result ? `${macroOver}; ${range(result.summary.macro)}` : `${macroOver}, estimated; ${range(estimate!.macro)}`,
    ],
    ['Sparsity', result ? percent(result.sparsity) : '…', 'zeros in the layers that were touched'],
    ['Bits per weight', result?.bitsPerWeight.toFixed(2) ?? '…', 'scales and zero points counted'],
    ['Size', result ? bytes(result.bytes) : '…', 'whole model, smallest layout for each layer'],
  ];
  if (touched && touched.snrDb !== null)
    items.push(['Signal to noise', `${touched.snrDb.toFixed(1)} dB`, 'of the touched weights']);
  if (estimate) items.push(['Signal to noise', '…', 'of the touched weights']);
  return (
    <Panel title="In numbers">
      <SimpleGrid cols={{ base: 2, xs: 3, md: 5 }} component="dl" m={0} mb="sm" spacing="sm">
        {items.map(([name, value, note]) => (
          <div key={name}>
            <Text component="dt" size="xs" c="dimmed">
              {name}
            </Text>
            <Text component="dd" m={0} fw={600} className="lossy-numbers">
              {value}
            </Text>
            <Text component="dd" m={0} size="xs" c="dimmed" className="lossy-numbers">
              {note}
            </Text>
          </div>
        ))}
      </SimpleGrid>
      <div className={classes.sizes}>{report && <Sizes sizes={report.total.bytes} />}</div>
    </Panel>
  );
}

/** What guessing would give: of a question without options nothing is guessed. */
function chance(options: readonly (readonly string[])[] | undefined): string {
  if (!options || options.length === 0) return '…';
  return percent(options.reduce((sum, { length }) => sum + (length > 1 ? 1 / length : 0), 0) / options.length);
}
