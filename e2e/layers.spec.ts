import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { complaints, downloads, finished, keptAnswers, labWorkers, useSmallSuite } from './page.ts';

const size = { relations: 4, facts: 12, heldOut: 2, docs: 5 };

const map = (page: Page) => page.getByRole('grid', { name: /^Sensitivity/ });
const cell = (page: Page, name: RegExp) => map(page).getByRole('gridcell', { name });
const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
const known = /[\d.]+\s% of what was known is lost \([\d.]+ to [\d.]+\s%, n = \d+ known before\); \d+ learned$/;

test('a map of the model’s parts, from whole blocks to single layers, and what is inside a cell', async ({ page }) => {
  const errors = complaints(page);
  await useSmallSuite(page, size);
  await page.goto('./#view=layers');
  await expect(page).toHaveTitle(/which layers hold the facts/);
  // A sample of whole blocks comes by itself; the rest when it is asked for.
  await expect(cell(page, /^Block 1: [\d.]+/)).toBeVisible({ timeout: 60_000 });
  await expect(cell(page, /^Block 1, query: not asked yet$/)).toBeVisible();
  const before = await keptAnswers(page);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await finished(page);
  await expect(cell(page, known)).toHaveCount(await map(page).getByRole('gridcell').count());
  expect(await keptAnswers(page)).toBeGreaterThan(before);

  // One cell: its layers before and after, in the address, too.
  await cell(page, /^Block 2, feed-forward: /).click();
  await expect(page).toHaveURL(/cell=block-2\.mlp/);
  const inside = page.getByRole('region', { name: 'Inside: Block 2, feed-forward' });
  await expect(inside.getByText(/The weights keep [\d.]+\sdB of signal to noise/)).toBeVisible();
  await expect(
    inside.getByText(/Weights that are exactly zero stand in no bar: 0 before and [\d,]+ after/),
  ).toBeVisible();
  await inside.getByRole('combobox', { name: 'Weights of' }).click();
  await page.getByRole('option', { name: 'block 2, feed-forward out' }).click();
  await expect(page).toHaveURL(/site=/);
  await inside.getByRole('button', { name: 'Measure what comes out of its layers' }).click();
  await expect(inside.getByText(/of what comes out of a layer [\d.]+\s% is error/)).toBeVisible({ timeout: 60_000 });
  await inside.getByText(/^Layer by layer/).click();
  await expect(
    inside.getByRole('row', { name: /^block 2, feed-forward in [\d.]+\s% [\d.]+\s% [\d.]+\sdB / }),
  ).toBeVisible();

  // Does the error tell it? Over all parts, with n; and of outputs over those that were measured.
  const forecast = page.getByRole('region', { name: 'Does the error tell what is forgotten?' });
  await expect(forecast.getByText(/Over \d+ parts .* Spearman’s ρ = −?[\d.]+ /)).toBeVisible();
  await forecast.getByText('of what comes out', { exact: true }).click();
  await expect(forecast.getByText('At least three parts')).toBeVisible();
  await forecast.getByRole('button', { name: 'Measure what comes out of every part' }).click();
  await expect(forecast.getByText(/Over \d+ parts .* Spearman’s ρ = −?[\d.]+ /)).toBeVisible({ timeout: 60_000 });
  expect(errors).toEqual([]);

  // The same figures on another visit, from what was kept.
  const figures = await map(page).textContent();
  const answers = await keptAnswers(page);
  await page.reload();
  await expect(map(page)).toHaveText(figures!, { timeout: 60_000 });
  expect(await keptAnswers(page)).toBe(answers);

  await expectAccessible(page);
});

test('the keyboard alone runs the map, reads it and looks inside', async ({ page }) => {
  await useSmallSuite(page, size);
  await page.goto('./#view=layers');
  await expect(cell(page, /^Whole model|^Block 1: [\d.]+/).first()).toBeVisible({ timeout: 60_000 });
  const run = page.getByRole('button', { name: 'Run', exact: true });
  await run.focus({ timeout: 60_000 });
  await press(page, 'Enter');
  await finished(page);
  const first = cell(page, /^Whole model: /);
  await first.focus();
  await press(page, 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowRight');
  const query = cell(page, /^Block 1, query: /);
  await expect(query).toBeFocused();
  await press(page, 'Enter');
  await expect(query).toHaveAttribute('aria-selected', 'true');
  await expect(page).toHaveURL(/cell=block-1\.query/);
  await expect(page.getByRole('region', { name: 'Inside: Block 1, query' })).toBeVisible();
  await press(page, 'End');
  await expect(cell(page, /^Block 1, feed-forward out: /)).toBeFocused();
  // Another level: a sample of whole blocks by itself again.
  const slider = page.getByRole('slider', { name: 'Weights removed' });
  await slider.focus();
  await press(page, 'ArrowRight');
  await expect(page).toHaveURL(/steps=magnitude-global,overall,9/);
  await expect(cell(page, /^Block 1: [\d.]+/)).toBeVisible({ timeout: 60_000 });
});

test('an encoder-decoder has its halves, and leaves give its worker back', async ({ page }) => {
  await useSmallSuite(page, size);
  const fetched = downloads(page);
  await page.goto('./#view=layers&v=2&model=t5-small&cell=decoder-block-1.cross-attention');
  await expect(cell(page, /^Encoder block 1: [\d.]+/)).toBeVisible({ timeout: 120_000 });
  await expect(cell(page, /^Decoder block 1, cross-attention: not asked yet$/)).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await expect(page.getByText('This part was not asked yet')).toBeVisible();
  expect(fetched.length).toBeGreaterThan(0);
  await page.getByRole('navigation').getByRole('link', { name: 'Library' }).click();
  await expect.poll(() => labWorkers(page).length).toBe(0);
});
