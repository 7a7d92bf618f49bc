import { z } from 'zod';
import { markdownTable } from '../../cli/markdown.ts';
import { fitLine, growth } from '../fit.ts';
import { digits, duration, durations, median, percent } from '../numbers.ts';
import { runProgram, usualThreads } from '../program.ts';
import { definePart } from './part.ts';

const series = z.object({
  name: z.string(),
  /** What x counts. */
  unit: z.string(),
  points: z.array(z.object({ x: z.number(), seconds: z.array(z.number()).min(1) })).min(2),
});

export const scaleSchema = z.object({ threads: z.int(), series: z.array(series) });
export type ScaleData = z.output<typeof scaleSchema>;

function renderSeries({ name, unit, points }: z.output<typeof series>): string {
  const medians = points.map(({ x, seconds }) => ({ x, y: median(seconds) }));
  const line = fitLine(medians);
  const rows = points.map(({ x, seconds }, at) => {
    const { y } = medians[at];
    const fitted = line.intercept + line.slope * x;
    return [x.toLocaleString('en-US'), durations(seconds), duration(fitted), percent((y - fitted) / y)];
  });
  return [
    `### ${name}`,
    '',
    markdownTable([[unit, 'time', 'the line', 'off by'], ...rows], [0, 1, 2, 3]),
    '',
    `Least squares: ${duration(line.slope * 1000)} for 1,000 ${unit}, R² ${line.explained.toFixed(5)}, at most ` +
      `${percent(line.worst)} off. Slope of the logarithms (1 is linear): **${digits(growth(medians))}**.`,
  ].join('\n');
}

export const scale = definePart({
  id: 'scale',
  title: 'Cost against probes, parameters and levels',
  schema: scaleSchema,
  measure: async (setting) => runProgram('scale', { ...setting, threads: usualThreads }, scaleSchema),
  render: ({ threads, series }) =>
    [`Node, WebAssembly with ${threads} threads. The line is fitted to the medians.`, ...series.map(renderSeries)].join(
      '\n\n',
    ),
});
