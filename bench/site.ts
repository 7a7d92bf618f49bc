import { join } from 'node:path';
import { build, type InlineConfig } from 'vite';
import { root } from '../scripts/setup.mjs';
import { isolation } from './browser.ts';

const here = join(root, 'bench');

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
      rollupOptions: { input: [join(here, 'page/index.html'), join(here, 'page/gpu.html')] },
    },
    // 0: any free port.
    preview: { headers: isolation, host: '127.0.0.1', port: 0 },
  };
  await build(config);
  return config;
}
