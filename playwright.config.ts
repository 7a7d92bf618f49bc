import { defineConfig, devices } from '@playwright/test';
import { findBrowser } from './scripts/setup.mjs';

const port = Number(process.env.LOSSY_PORT ?? 4173);
const browser = await findBrowser();

// Every page compiles the runtime's 14 MB of WebAssembly anew. With V8's usual budget of 13 million, to open the lab and
// ask 800 facts takes 8 s of CPU time, most of it for optimizing; with this one 5.5 s. Long work is optimized as before.
const lateOptimization = '--js-flags=--wasm-tiering-budget=100000000';

/** A project's launch options. Containers run as root, where Chromium's sandbox cannot start. */
const launch = (...args: string[]) => ({
  ...devices['Desktop Chrome'],
  launchOptions: { executablePath: browser?.executablePath, args: ['--no-sandbox', lateOptimization, ...args] },
});

// Measured in Chromium 156: without a GPU, --enable-unsafe-webgpu alone brings the software adapter, and
// --use-webgpu-adapter takes it where there is a GPU too. --disable-features=WebGPU has no effect; these two flags leave
// navigator.gpu in place, but no adapter. A test with @webgpu in its title runs on WebGPU, every other one without.
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  timeout: 240_000,
  // Two tests share the cores: what is there within a second alone may take its time.
  expect: { timeout: 20_000 },
  // Most of a test is one thread's work: loading, compiling, drawing. Two at a time use two cores.
  workers: 2,
  // Chance (a busy machine, a lost connection) stops nobody; what passed only when it was repeated is counted and named.
  retries: 1,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  // A service worker would answer in the place of a test's own routes: those that test it allow it.
  use: { baseURL: `http://127.0.0.1:${port}/`, serviceWorkers: 'block' },
  projects: [
    // First: its stories are the longest file, and last it would leave a core idle.
    {
      name: 'chromium-webgpu',
      grep: /@webgpu/,
      use: launch('--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'),
    },
    { name: 'chromium-wasm', grepInvert: /@webgpu/, use: launch('--disable-gpu', '--disable-software-rasterizer') },
  ],
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --port ${port} --strictPort`,
    url: `http://127.0.0.1:${port}/`,
  },
});
