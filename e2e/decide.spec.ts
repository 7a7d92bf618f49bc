import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { unzipSync } from 'fflate';
import * as ort from 'onnxruntime-node';
import { runFiles } from '../src/lab/export/verify.ts';
import { expectAccessible } from './axe.ts';
import { complaints, finished, keptAnswers, labWorkers, useSmallSuite } from './page.ts';

/** A sample of 15 recipes takes seconds. */
const size = { relations: 4, facts: 12, heldOut: 2, docs: 5 };

const answer = (page: Page) => page.getByRole('region', { name: 'What to take' });

async function computeGrid(page: Page): Promise<void> {
  await expect(page.getByText(/^Nothing of this model is kept yet/)).toBeVisible();
  expect(labWorkers(page)).toEqual([]);
  await page.getByRole('button', { name: /^Compute samples of 15 usual recipes/ }).click();
  await finished(page);
}

test('limits lead to a recipe, and the saved model is what the page says, and runs without the lab', async ({
  page,
}) => {
  const errors = complaints(page);
  await useSmallSuite(page, size);
  await page.goto('./#view=decide&v=2&mb=2.2&loss=30&format=onnx-nbits');
  await expect(page).toHaveTitle(/how far can this model be compressed/);
  await computeGrid(page);
  await expect(page.getByRole('table', { name: 'All results' })).toHaveAttribute('aria-rowcount', '16');
  await expect(answer(page)).toContainText(/Take .*\d-bit rounding/);
  await expect(answer(page)).toContainText(
    /[\d.]+\sMB; it keeps [\d.]+\s% .*95 % interval [\d.]+ to [\d.]+\s%, n = \d+/,
  );
  await expectAccessible(page);

  // Other limits, other answers; nothing is asked for them.
  const answers = await keptAnswers(page);
  const loss = page.getByRole('textbox', { name: 'It may lose at most' });
  await loss.fill('0');
  await page.getByRole('textbox', { name: 'It may take at most' }).fill('0.1');
  await expect(answer(page)).toContainText('Nothing that is kept here satisfies both.');
  await expect(answer(page)).toContainText('Good enough, it is smallest');
  await loss.fill('100');
  await page.getByRole('textbox', { name: 'It may take at most' }).fill('3');
  await expect(answer(page)).toContainText(/Take 2-bit rounding/);
  await expect(page).toHaveURL(/mb=3&loss=100/);
  expect(await keptAnswers(page)).toBe(answers);

  // The saved model is what the page says, and it runs without the lab.
  await page.goto('./#view=decide&v=2&mb=2.5&loss=30&goal=best&format=onnx-nbits');
  await expect(answer(page)).toContainText(/Take .*[48]-bit rounding/);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the model' }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toMatch(/^lossy-bert-mini-onnx-nbits-.*[48]-bit-.*\.zip$/);
  await expect(answer(page)).toContainText(/the same words for 8 of 8 texts, logits at most [\d.e-]+ apart/);

  const files = unzipSync(readFileSync(await saved.path()));
  expect(Object.keys(files).sort()).toEqual([
    'config.json',
    'lossy.json',
    'model.onnx',
    'tokenizer.json',
    'tokenizer_config.json',
  ]);
  const manifest = JSON.parse(new TextDecoder().decode(files['lossy.json']));
  expect(manifest).toMatchObject({ version: 'lossy-export-1', format: 'onnx-nbits' });
  const { bits } = manifest.recipe.at(-1);
  expect(saved.suggestedFilename()).toContain(`-${bits}-bit-`);
  expect(files['model.onnx'].length).toBeLessThan(3_330_441);
  expect(new TextDecoder('latin1').decode(files['model.onnx'])).toContain('lossy.recipe');
  // Twelve numbers of words, asked about the fourth.
  const row = { ids: [2, 50, 51, 4, 52, 3], target: null, picks: [{ at: 3, gold: [7] }] };
  const [said] = await runFiles(ort, new Map([['model.onnx', files['model.onnx']]]), [row], 'cpu');
  expect(said.logits.every(Number.isFinite)).toBe(true);
  expect(errors).toEqual([]);
});

test('what a format cannot hold is said, and nothing is saved', async ({ page }) => {
  await useSmallSuite(page, size);
  await page.goto('./#view=decide&v=2&mb=10&format=onnx-nbits');
  await page.evaluate(() => lossy.run({ recipe: [] }));
  await page.reload();
  await expect(answer(page)).toContainText('Take the model as it is, uncompressed.');
  await page.getByRole('button', { name: 'Save the model' }).click();
  await expect(answer(page).getByRole('alert')).toContainText('No layer was rounded to few bits', { timeout: 30_000 });
});

test('the keyboard alone computes, sets a limit and saves', async ({ page }) => {
  await useSmallSuite(page, size);
  await page.goto('./#view=decide&v=2&mb=3&loss=40');
  const compute = page.getByRole('button', { name: /^Compute samples/ });
  await compute.focus();
  await page.keyboard.press('Enter');
  await finished(page);
  await page.getByRole('slider', { name: 'It may lose at most' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/loss=41/);
  await expect(answer(page)).toContainText(/Take /);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the model' }).focus();
  await page.keyboard.press('Enter');
  expect((await download).suggestedFilename()).toMatch(/^lossy-bert-mini-onnx-.*\.zip$/);
});
