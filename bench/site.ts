import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { build, type InlineConfig, preview } from 'vite';
import { root } from '../scripts/setup.mjs';
import { inBrowser, isolation } from './browser.ts';

const here = join(root, 'bench');

/**
 * Builds the bench's pages, serves them on this machine alone, and does something in one of them.
 *
 * @param path of the page
 * @param options.gpu whether the browser takes this machine's GPU
 */
export async function onPage<T>(
  { files, folder, path }: { files: string; folder: string; path: string },
  work: (page: Page) => Promise<T>,
  options: { gpu?: boolean } = {},
): Promise<{ browser: string; value: T }> {
  const server = await preview(await buildSite(files, folder));
  try {
    return await inBrowser(async (browser) => {
      const page = await browser.newPage();
      page.on('console', (message) => process.stderr.write(`${message.text()}\n`));
      await page.goto(`${server.resolvedUrls?.local[0]}${path}`);
      return { browser: browser.version(), value: await work(page) };
    }, options);
  } finally {
    await server.close();
  }
}

/**
 * Builds the bench's pages.
 *
 * @param files a folder with what the pages fetch
 * @param folder where the build goes
 * @returns what vite's preview of it takes
 */
export async function buildSite(files: string, folder: string): Promise<InlineConfig> {
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
    build: {
      target: 'es2022',
      outDir: folder,
      emptyOutDir: true,
      chunkSizeWarningLimit: 4000,
      rollupOptions: {
        input: [join(here, 'page/index.html'), join(here, 'page/gpu.html'), join(here, 'page/dots.html')],
      },
    },
    // 0: any free port.
    preview: { headers: isolation, host: '127.0.0.1', port: 0 },
  };
  await build(config);
  return config;
}
