import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable } from '../../cli/markdown.ts';
import { root } from '../../scripts/setup.mjs';
import { digits, durations, median, percent } from '../numbers.ts';
import { temporary } from '../program.ts';
import { onPage } from '../site.ts';
import { type GpuData, type GpuJob, gpuSchema } from './gpu-data.ts';
import { definePart, type Measured } from './part.ts';
import { renderModels } from './slider.ts';
import { ensureBenchPackages, layOutFiles, renderContest, speedFiles } from './speed.ts';

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
    const job: GpuJob = {
      prompts: quick ? 64 : 4096,
      few: quick ? 8 : 256,
      probes: quick ? 192 : 100_000,
      rounds,
      sizes: quick ? [1] : [1, 9, 90],
      parity: Object.fromEntries(compared.map((id) => [id, quick ? 5 : 60])),
      software: quick,
    };
    const site = { files: speedFiles, folder: join(temporary, 'gpu'), path: 'gpu.html' };
    const { value } = await onPage(site, (page) => page.evaluate((job) => window.benchGpu(job), job), { gpu: true });
    return value;
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
