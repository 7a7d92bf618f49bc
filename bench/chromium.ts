import { inBrowser } from './browser.ts';
import type { Contest } from './measure.ts';
import type { Measured } from './parts/part.ts';
import { buildSite } from './site.ts';

/**
 * Prompts per second in Chromium: builds the page, serves it on this machine alone and runs it there.
 *
 * @param options.files what the page fetches
 * @param options.folder where the build goes
 */
export async function measureInChromium({
  probes,
  rounds,
  files,
  folder,
}: {
  probes: number;
  rounds: number;
  files: string;
  folder: string;
}): Promise<Measured<Contest>> {
  const { preview } = await import('vite');
  const config = await buildSite(files, folder);
  const server = await preview(config);
  try {
    return await inBrowser(async (browser) => {
      const page = await browser.newPage();
      page.on('console', (message) => process.stderr.write(`${message.text()}\n`));
      await page.goto(String(server.resolvedUrls?.local[0]));
      const { versions, data } = await page.evaluate(
        ([probes, rounds]) => window.bench(probes, rounds),
        [probes, rounds],
      );
      return { versions: { Chromium: browser.version(), ...versions }, data };
    });
  } finally {
    await server.close();
  }
}
