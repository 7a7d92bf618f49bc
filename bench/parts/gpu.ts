import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { markdownTable } from '../../cli/markdown.ts';
import { root } from '../../scripts/setup.mjs';
import { digits, durations, median, percent } from '../numbers.ts';
import { temporary } from '../program.ts';
import { definePart, type Measured } from './part.ts';
import { modelsSchema, renderModels } from './slider.ts';
import { contestSchema, ensureBenchPackages, layOutFiles, renderContest, speedFiles } from './speed.ts';

const seconds = z.array(z.number()).min(1);

export const gpuSchema = z.object({
  adapter: z.string(),
  /** The largest difference of a logit from WebAssembly's, uncompressed and at three levels. */
  checkedTo: z.number(),
  contest: contestSchema,
  /** The same with fewer prompts, and one by one. */
  few: contestSchema,
  batches: z.array(z.object({ rows: z.int(), probes: z.int(), seconds })),
  passes: z.array(z.object({ texts: z.int(), length: z.int(), seconds })),
  peak: z.object({ flops: z.number(), seconds, lab: z.object({ flops: z.number(), seconds }) }),
  slider: modelsSchema,
  parity: z.array(
    z.object({
      model: z.string(),
      /** Null where the check was not part of it. */
      checkedTo: z.number().nullable(),
      of: z.int(),
      runs: z.int(),
      exact: z.int(),
      worst: z.int(),
      asked: z.int(),
      tolerance: z.number(),
      off: z.array(z.object({ steps: z.unknown(), template: z.string(), hits: z.int(), expected: z.int() })),
    }),
  ),
});
export type GpuData = z.output<typeof gpuSchema>;

/** Models whose hits are compared with PyTorch's. */
const compared = ['bert-mini', 'bert-small', 'gpt-small', 't5-small'];

/** What the page fetches, beside what the contest needs. */
export function layOutGpuFiles(): void {
  ensureBenchPackages();
  layOutFiles();
  for (const id of compared) {
    const folder = join(speedFiles, `models/${id}`);
    mkdirSync(join(speedFiles, 'reference'), { recursive: true });
    cpSync(join(root, `public/models/${id}`), folder, { recursive: true });
    cpSync(join(root, `src/lab/test/reference/${id}.json`), join(speedFiles, `reference/${id}.json`));
  }
}

export const gpu = definePart({
  id: 'gpu',
  title: 'On a graphics processor',
  schema: gpuSchema,
  async measure({ quick, rounds }): Promise<Measured<GpuData>> {
    layOutGpuFiles();
    const { measureOnGpu } = await import('../gpu.ts');
    return measureOnGpu(join(temporary, 'gpu'), {
      prompts: quick ? 64 : 4096,
      few: quick ? 8 : 256,
      probes: quick ? 192 : 100_000,
      rounds,
      sizes: quick ? [1] : [1, 9, 90],
      parity: Object.fromEntries(compared.map((id) => [id, quick ? 5 : 60])),
      software: quick,
    });
  },
  render({ adapter, checkedTo, contest, few, batches, passes, peak, slider, parity }) {
    const speed = peak.flops / median(peak.seconds);
    const reached = peak.lab.flops / median(peak.lab.seconds);
    return [
      `Adapter: ${adapter}. The lab’s own check: logits within ${checkedTo.toExponential(1)} of WebAssembly’s.`,
      '',
      renderContest(contest),
      '',
      renderContest(few),
      '',
      'More of the suite, by the most texts of a pass (probes per second):',
      '',
      markdownTable(
        [
          ['texts', 'probes', 'probes per second'],
          ...batches.map(({ rows, probes, seconds }) => [
            String(rows),
            probes.toLocaleString('en-US'),
            digits(probes / median(seconds)),
          ]),
        ],
        [0, 1, 2],
      ),
      '',
      `One pass of texts of ${passes[0].length} tokens, from tokens to ranks:`,
      '',
      markdownTable(
        [['texts', 'time'], ...passes.map(({ texts, seconds }) => [texts.toLocaleString('en-US'), durations(seconds)])],
        [0, 1],
      ),
      '',
      `One product of 2,048 × 2,048 matrices in the same runtime: ${digits(speed / 1e9)} GFLOP/s. The products that these probes`,
      `need, by their whole time: ${digits(reached / 1e9)} GFLOP/s, ${percent(reached / speed)} of it.`,
      '',
      'From a new level to answers; every time counts from the moment that the level is asked for:',
      '',
      renderModels(slider),
      '',
      'Hits against PyTorch’s, on runs spread over all of the reference’s:',
      '',
      markdownTable(
        [
          ['model', 'runs', 'of', 'exactly the same', 'largest difference', 'more than 3 off'],
          ...parity.map(({ model, runs, of, exact, worst, off }) => [
            model,
            String(runs),
            String(of),
            String(exact),
            String(worst),
            String(off.length),
          ]),
        ],
        [1, 2, 3, 4, 5],
      ),
    ].join('\n');
  },
});
