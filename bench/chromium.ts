import { join } from 'node:path';
import type { InlineConfig } from 'vite';
import { root } from '../scripts/setup.mjs';
import { inBrowser, isolation } from './browser.ts';
import type { Contest } from './measure.ts';
import type { Measured } from './parts/part.ts';

const here = join(root, 'bench');

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
  const { build, preview } = await import('vite');
  const config: InlineConfig = {
    configFile: false,
    root: join(here, 'page'),
    publicDir: files,
    base: './',
    logLevel: 'warn',
    resolve: {
      // As in the project: the variant of the runtime whose WebAssembly is a file of its own.
      conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'development|production'],
      alias: {
        'transformers-ort': join(here, 'node_modules/@huggingface/transformers/node_modules/onnxruntime-web'),
      },
    },
    worker: { format: 'es' },
    build: { target: 'es2022', outDir: folder, emptyOutDir: true, chunkSizeWarningLimit: 4000 },
    // 0: any free port.
    preview: { headers: isolation, host: '127.0.0.1', port: 0 },
  };
  await build(config);
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
