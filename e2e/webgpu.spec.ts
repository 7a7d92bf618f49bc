import { expect, type Page, test } from '@playwright/test';
import type {} from '../src/app/install-api.ts';
import { changeScript, useSmallSuite } from './page.ts';

/** Runs code in every lab worker before its own first line. */
const runBeforeWorker = (page: Page, code: string) =>
  changeScript(page, '**/lab.worker-*.js', (script) => `${code}\n${script}`);

/** Lets a test take the GPU away: keeps the device that a worker asks for. */
const keepDevices = (page: Page) =>
  runBeforeWorker(
    page,
    `{
      const { prototype } = GPUAdapter;
      const original = prototype.requestDevice;
      prototype.requestDevice = async function (...given) {
        return (globalThis.keptDevice = await original.apply(this, given));
      };
    }`,
  );

/** Opens the lab where it computes nothing by itself: the software adapter takes a second for what WebAssembly does at once. */
async function openQuietly(page: Page, backend: 'webgpu' | 'wasm'): Promise<void> {
  await useSmallSuite(page);
  await page.goto(`./?backend=${backend}#view=library`);
}

const run = (page: Page, limit: number) =>
  page.evaluate(
    (limit) => lossy.run({ recipe: [{ method: 'magnitude-global', scope: 'overall', sparsity: 0.5 }], limit }),
    limit,
  );

test('the software adapter gives the hits of WebAssembly, and is started again when it is lost @webgpu', async ({
  page,
}) => {
  await keepDevices(page);
  await openQuietly(page, 'webgpu');
  const { backend, checkedTo } = await page.evaluate(() => lossy.backend());
  expect(backend).toBe('webgpu');
  // The lab's own check: logits on the GPU against WebAssembly's.
  expect(checkedTo).toBeLessThan(1e-3);
  const first = await run(page, 4);
  expect(first.backend).toMatch(/^WebGPU/);
  await page
    .workers()
    .find((worker) => worker.url().includes('lab.worker'))!
    .evaluate(() => (globalThis as unknown as { keptDevice: { destroy(): void } }).keptDevice.destroy());
  const gpu = await run(page, 16);
  await expect(page.getByRole('status').filter({ hasText: 'The graphics processor was lost' })).toBeVisible();
  expect(await page.evaluate(() => lossy.backend())).toMatchObject({ backend: 'webgpu' });
  await page.evaluate(() => lossy.cache.clear());

  await openQuietly(page, 'wasm');
  const wasm = await run(page, 16);
  expect(wasm.backend).toMatch(/^WebAssembly/);
  // What was asked before the loss is part of the result.
  expect([first.probes, gpu.probes, wasm.probes]).toEqual([4, 16, 16]);
  expect(Math.abs(gpu.hits - wasm.hits)).toBeLessThanOrEqual(1);
  expect(gpu.mrr).toBeCloseTo(wasm.mrr, 2);
});

test('a GPU that computes wrongly is caught, and WebAssembly takes its place @webgpu', async ({ page }) => {
  // Square roots become something else, as a broken driver might have them.
  await runBeforeWorker(
    page,
    `{
      const { prototype } = GPUDevice;
      const original = prototype.createShaderModule;
      prototype.createShaderModule = function (descriptor) {
        const code = descriptor.code.replaceAll(/\\b(inverseSqrt|sqrt)\\(/g, 'exp(');
        return original.call(this, { ...descriptor, code });
      };
    }`,
  );
  await openQuietly(page, 'webgpu');
  const result = await run(page, 8);
  await expect(page.getByRole('status').filter({ hasText: 'answers differently from WebAssembly' })).toBeVisible();
  expect(result.backend).toMatch(/^WebAssembly/);
});
