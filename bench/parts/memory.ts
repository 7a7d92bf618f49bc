import { readFileSync } from 'node:fs';
import type { Browser } from '@playwright/test';
import { z } from 'zod';
import { markdownTable } from '../../cli/markdown.ts';
import { ensureBuild, root } from '../../scripts/setup.mjs';
// Brings the type of globalThis.lossy.
import type {} from '../../src/app/install-api.ts';
import { inBrowser } from '../browser.ts';
import { digits } from '../numbers.ts';
import { levelAt } from '../recipes.ts';
import { definePart } from './part.ts';

const model = 'bert-small';
const probes = 192;

const schema = z.object({
  model: z.string(),
  probes: z.int(),
  samples: z
    .array(
      z.object({
        /** How many levels were computed. */
        levels: z.int(),
        /** JavaScript of the page and its workers after a collection, in bytes. */
        script: z.number(),
        /** Resident memory of the browser's page processes, in bytes; null where the system does not tell. */
        resident: z.number().nullable(),
      }),
    )
    .min(2),
});

/** Bytes of memory that the browser's page processes hold; null except on Linux. */
async function residentOf(browser: Browser): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  return pages.reduce((sum, { id }) => {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, 'utf8')) ?? [];
    return sum + Number(kilobytes ?? 0) * 1024;
  }, 0);
}

export const memory = definePart({
  id: 'memory',
  title: 'Memory over many levels',
  schema,
  async measure({ quick }) {
    ensureBuild();
    const levels = quick ? 20 : 200;
    const wanted = [1, ...[1, 2, 3, 4].map((quarter) => (quarter * levels) / 4)];
    const { preview } = await import('vite');
    const server = await preview({ root, logLevel: 'warn', preview: { port: 0, strictPort: false } });
    try {
      return await inBrowser(
        async (browser) => {
          const page = await browser.newPage();
          await page.goto(String(server.resolvedUrls?.local[0]));
          await page.waitForFunction(() => performance.getEntriesByName('lossy:model-ready').length > 0);
          // The page's own sweep would compute beside.
          await page.evaluate(() => lossy.cancel());
          const samples: z.output<typeof schema>['samples'] = [];
          for (let level = 1; level <= levels; level++) {
            const recipe = levelAt(level - 1, levels);
            await page.evaluate((spec) => lossy.run(spec), { model, recipe, limit: probes });
            if (!wanted.includes(level)) continue;
            const script = await page.evaluate(async () => {
              const { measureUserAgentSpecificMemory: measure } = performance as unknown as {
                measureUserAgentSpecificMemory(): Promise<{ bytes: number }>;
              };
              return (await measure.call(performance)).bytes;
            });
            samples.push({ levels: level, script, resident: await residentOf(browser) });
          }
          return { versions: { Chromium: browser.version() }, data: { model, probes, samples } };
          // The flag makes the browser measure memory at once; otherwise it does when it next collects.
        },
        { flags: ['--enable-blink-features=ForceEagerMeasureMemory'] },
      );
    } finally {
      await server.close();
    }
  },
  render({ model, probes, samples }) {
    const megabytes = (bytes: number | null) => (bytes === null ? '–' : digits(bytes / 2 ** 20));
    const [, from] = samples;
    const to = samples[samples.length - 1];
    const growth = (what: 'script' | 'resident') => {
      const [before, after] = [from[what], to[what]];
      if (before === null || after === null) return 'unknown';
      return `${((after / before - 1) * 100).toFixed(1)} %`;
    };
    return [
      `The production build in Chromium, ${model}, levels of magnitude-global one after the other through the page’s own`,
      `worker, ${probes} probes each. Megabytes (2²⁰ bytes):`,
      '',
      markdownTable(
        [
          ['levels', 'JavaScript of page and workers', 'resident, the page’s process'],
          ...samples.map(({ levels, script, resident }) => [String(levels), megabytes(script), megabytes(resident)]),
        ],
        [0, 1, 2],
      ),
      '',
      `From level ${from.levels} to level ${to.levels}: JavaScript ${growth('script')}, resident ${growth('resident')}.`,
    ].join('\n');
  },
});
