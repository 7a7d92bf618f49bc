import { z } from 'zod';
import { markdownTable } from '../../cli/markdown.ts';
import { digits, median, percent, spread } from '../numbers.ts';
import { runProgram, usualThreads } from '../program.ts';
import { definePart } from './part.ts';

export const peakSchema = z.object({
  threads: z.int(),
  /** Plain products [m, k] · [k, n]; `flops` and seconds are those of one run of the graph. */
  products: z.array(
    z.object({ m: z.int(), k: z.int(), n: z.int(), flops: z.number(), seconds: z.array(z.number()).min(1) }),
  ),
  /** The lab asking bert-small. */
  lab: z.object({
    probes: z.int(),
    /** See bench/flops.ts; of all probes together. */
    needed: z.number(),
    written: z.number(),
    seconds: z.array(z.number()).min(1),
  }),
});
const schema = z.object({ runs: z.array(peakSchema).min(1) });
export type PeakData = z.output<typeof peakSchema>;

/** GFLOP/s of each round. */
const rates = (flops: number, seconds: readonly number[]) => seconds.map((time) => flops / time / 1e9);

function renderRun({ threads, products, lab }: PeakData): string {
  const peak = Math.max(...products.map(({ flops, seconds }) => median(rates(flops, seconds))));
  const cells = (flops: number, seconds: readonly number[]) => {
    const { median, lowest, highest } = spread(rates(flops, seconds));
    return [digits(median), `${digits(lowest)}–${digits(highest)}`, percent(median / peak)];
  };
  const shapes = products.map(({ m, k, n, flops, seconds }) => [
    `[${m} × ${k}] · [${k} × ${n}]`,
    ...cells(flops, seconds),
  ]);
  const each = (flops: number) => `${digits(flops / lab.probes / 1e6)} MFLOP`;
  return [
    `${threads} ${threads === 1 ? 'thread' : 'threads'}:`,
    '',
    markdownTable(
      [
        ['', 'GFLOP/s', 'range', 'of the best'],
        ...shapes,
        ['**the lab asks bert-small**', ...cells(lab.needed, lab.seconds)],
      ],
      [1, 2, 3],
    ),
    '',
    `The lab: ${lab.probes} probes, ${each(lab.needed)} a probe that its products need at least; by the model’s own graph they`,
    `are ${each(lab.written)}.`,
  ].join('\n');
}

export const peak = definePart({
  id: 'peak',
  title: 'Matrix products: the runtime’s peak, and the share that the lab reaches',
  schema,
  async measure(setting) {
    const counts = [...new Set([1, usualThreads])];
    const answers = counts.map((threads) => runProgram('peak', { ...setting, threads }, peakSchema));
    return { versions: answers[0].versions, data: { runs: answers.map(({ data }) => data) } };
  },
  render: ({ runs }) => runs.map(renderRun).join('\n\n'),
});
