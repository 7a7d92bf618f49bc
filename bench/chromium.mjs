// The part in Chromium: builds the page, serves it on this machine alone and runs it there.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBrowser } from '../scripts/setup.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

// Threads in WebAssembly need a cross-origin isolated page.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/**
 * @param {{ probes: number, rounds: number, files: string, folder: string }} options files: what the page fetches;
 * folder: where the build goes
 * @returns {Promise<import('./measure.ts').Part>}
 */
export async function measureInChromium({ probes, rounds, files, folder }) {
  const { build, preview } = await import('vite');
  const { chromium } = await import('@playwright/test');
  /** @type {import('vite').InlineConfig} */
  const config = {
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
    preview: { headers, host: '127.0.0.1', port: 0 },
  };
  await build(config);
  const server = await preview(config);
  const browser = await chromium.launch({ ...(await ensureBrowser()), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    page.on('console', (message) => process.stderr.write(`${message.text()}\n`));
    await page.goto(String(server.resolvedUrls?.local[0]));
    // @ts-expect-error The page's own.
    const part = await page.evaluate(([probes, rounds]) => window.bench(probes, rounds), [probes, rounds]);
    return { place: `Chromium ${browser.version()}`, ...part };
  } finally {
    await browser.close();
    await server.close();
  }
}
