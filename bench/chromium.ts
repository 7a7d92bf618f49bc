import type { Contest } from './measure.ts';
import type { Measured } from './parts/part.ts';
import { onPage } from './site.ts';

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
  const { browser, value } = await onPage({ files, folder, path: '' }, (page) =>
    page.evaluate(([probes, rounds]) => window.bench(probes, rounds), [probes, rounds]),
  );
  return { versions: { Chromium: browser, ...value.versions }, data: value.data };
}
