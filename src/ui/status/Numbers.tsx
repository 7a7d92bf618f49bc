import { SimpleGrid, Text } from '@mantine/core';
import { asksTasks, currentPoint, useLab } from '../../app/store.ts';
import { bytes, count, percent, range } from '../parts/format.ts';
import { Panel } from '../parts/Panel.tsx';
import { Sizes } from './Sizes.tsx';

/** The level's numbers, each with how it was made. */
export function Numbers() {
  const result = useLab((state) => currentPoint(state)?.result ?? null);
  const isTask = useLab(asksTasks);
  const options = useLab((state) => state.probes?.gold);
  if (!result) return null;
  const { summary, report } = result;
  const touched = report?.touched ?? report?.total;
  const items: [name: string, value: string, note: string][] = [
    ...(isTask ? summary.precision.slice(0, 1) : summary.precision).map(
      ({ k, hits, share, low, high }): [string, string, string] => [
        isTask ? 'Accuracy' : `P@${k}`,
        percent(share),
        `${count(hits)} of ${count(summary.probes)}; ${range({ low, high })}`,
      ],
    ),
    isTask
      ? ['By chance', chance(options), 'mean of 1 / options, where there are options']
      : ['MRR', summary.mrr.toFixed(3), `mean of 1 / rank, n = ${count(summary.probes)}`],
    [
      isTask ? 'Macro accuracy' : 'Macro P@1',
      percent(summary.macro.share),
      `mean over ${isTask ? 'tasks' : 'relations'}; ${range(summary.macro)}`,
    ],
    ['Sparsity', percent(result.sparsity), 'zeros in the layers that were touched'],
    ['Bits per weight', result.bitsPerWeight.toFixed(2), 'scales and zero points counted'],
    ['Size', bytes(result.bytes), 'whole model, smallest layout for each layer'],
  ];
  if (touched && touched.snrDb !== null)
    items.push(['Signal to noise', `${touched.snrDb.toFixed(1)} dB`, 'of the touched weights']);
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
      {report && <Sizes sizes={report.total.bytes} />}
    </Panel>
  );
}

/** What guessing would give: of a question without options nothing is guessed. */
function chance(options: readonly (readonly string[])[] | undefined): string {
  if (!options || options.length === 0) return '…';
  return percent(options.reduce((sum, { length }) => sum + (length > 1 ? 1 / length : 0), 0) / options.length);
}
