import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, type Page, test } from '@playwright/test';
import { complaints } from './page.ts';

/** Whether the page gets a WebGPU adapter. The DOM library of the compiler does not know navigator.gpu everywhere. */
const hasAdapter = (page: Page) =>
  page.evaluate(async () => {
    const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<object | null> } };
    return gpu !== undefined && (await gpu.requestAdapter()) !== null;
  });

test('the page opens, isolated so that threads work, without WebGPU and without errors', async ({ page }) => {
  const errors = complaints(page);
  await page.goto('./');
  await expect(page).toHaveTitle(/Lossy: what does/);
  await expect(page.getByRole('slider').first()).toBeVisible();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(await hasAdapter(page)).toBe(false);
  expect(errors).toEqual([]);
});

test('the page opens with a WebGPU adapter @webgpu', async ({ page }) => {
  const errors = complaints(page);
  await page.goto('./');
  await expect(page.getByRole('slider').first()).toBeVisible();
  expect(await hasAdapter(page)).toBe(true);
  expect(errors).toEqual([]);
});

test('the initial JavaScript is at most 250 kB gzipped, without the chart library', () => {
  type Chunk = { file: string; imports?: string[]; isEntry?: boolean };
  const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8')) as Record<string, Chunk>;
  const initial = new Set<string>();
  const visit = (key: string) => {
    if (initial.has(key)) return;
    initial.add(key);
    for (const next of manifest[key].imports ?? []) visit(next);
  };
  visit('index.html');
  const code = [...initial].map((key) => readFileSync(`dist/${manifest[key].file}`));
  const size = code.reduce((sum, bytes) => sum + gzipSync(bytes).length, 0);
  expect(size).toBeLessThanOrEqual(250_000);
  // A class name that recharts gives its outermost element.
  expect(code.some((bytes) => bytes.includes('recharts-wrapper'))).toBe(false);
});
