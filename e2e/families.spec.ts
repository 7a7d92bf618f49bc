import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { complaints, downloads, families, finished, keptAnswers, labWorkers, useSmallSuite } from './page.ts';

/** Fewer than 30 facts would be marked as few. */
const size = { relations: 4, facts: 8, heldOut: 2, docs: 2 };

const curve = (page: Page) => page.getByRole('region', { name: 'What is left, family by family' });
const groups = (page: Page) => page.getByRole('region', { name: /^Who forgets what/ });
const sentence = (page: Page) => page.getByText(/^With 50 % of the weights removed .* of what it knew/);

test('a cold start draws one curve for each family, first by samples, and from then on comes from the cache', async ({
  page,
}, info) => {
  const errors = complaints(page);
  await useSmallSuite(page, size);
  const begun = Date.now();
  await page.goto('./#view=families');
  await expect(page).toHaveTitle(/which kind of language model forgets most/);
  await expect(page.getByText(/^(Refining|All [\d,]+ answers)/)).toBeVisible({ timeout: 200_000 });
  const sampled = (Date.now() - begun) / 1000;
  await info.attach('seconds until all samples are there', { body: String(sampled) });
  console.log(`measured: ${sampled.toFixed(1)} s until every level of ${families.length} families had its sample`);
  await finished(page);
  await expect(sentence(page)).toBeVisible();

  // Every family has a figure at each of the ten levels, in the table that stands for the chart.
  await curve(page).getByText('As a table').click();
  await expect(curve(page).getByRole('columnheader')).toHaveCount(1 + families.length);
  await expect(curve(page).getByRole('row', { name: /^\d0? % / })).toHaveCount(10);
  await expect(
    curve(page).getByRole('cell', { name: /^[\d.]+\s% \([\d.]+ to [\d.]+ %\), drop -?[\d.]+ %, n = \d+$/ }),
  ).toHaveCount(10 * families.length);
  const figures = await curve(page).getByRole('table').textContent();
  const answers = await keptAnswers(page);
  expect(labWorkers(page)).toHaveLength(families.length);
  expect(errors).toEqual([]);

  // Another visit: the same figures, and neither a download nor a worker.
  const fetched = downloads(page);
  await page.route('**/*.onnx', (route) => route.abort());
  await page.reload();
  await finished(page);
  await curve(page).getByText('As a table').click();
  expect(await curve(page).getByRole('table').textContent()).toBe(figures);
  expect(await keptAnswers(page)).toBe(answers);
  expect(fetched).toEqual([]);
  expect(labWorkers(page)).toEqual([]);

  // Absolute accuracy is of all facts: what it says uncompressed is a share below 100 %.
  await page.getByRole('radiogroup', { name: 'Vertical axis' }).getByText('Share of all facts').click();
  await expect(page).toHaveURL(/measure=absolute/);
  await expect(page.getByText(/^With 50 % of the weights removed .* of the facts/)).toBeVisible();

  // Split by what is known of the facts, without any model.
  for (const [by, rows] of [
    ['How often trained', /^(4|8|16|32) /],
    ['How many answers', /^(1-1|N-1|N-M) /],
    ['Relation', /^Capital /],
  ] as const) {
    await page.getByRole('radiogroup', { name: 'Split by' }).getByText(by, { exact: true }).click();
    await groups(page).getByText('As a table').click();
    await expect(groups(page).getByRole('row', { name: rows }).first()).toContainText(/n = \d+/);
    await groups(page).getByText('As a table').click();
  }
  expect(labWorkers(page)).toEqual([]);

  // Nobody is stopped who cannot see it or its colours.
  await expectAccessible(page);
  expect(errors).toEqual([]);
});

test('the keyboard moves the level, and leads to the other view and back', async ({ page }) => {
  await useSmallSuite(page, size);
  await page.goto('./#view=families');
  const slider = page.getByRole('slider', { name: 'Weights removed' });
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await expect(slider).toHaveAttribute('aria-valuetext', '60 %');
  await expect(page).toHaveURL(/view=families.*steps=magnitude-global,overall,6/);
  await page.getByRole('link', { name: 'Explore', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'What it still knows' })).toBeVisible();
  // What the families' view held is given back: the one worker is Explore's own.
  await expect.poll(() => labWorkers(page).length).toBe(1);
  await page.goBack();
  await expect(slider).toHaveAttribute('aria-valuetext', '60 %');
  await page.goForward();
  await expect(page.getByRole('link', { name: 'Explore', exact: true })).toHaveAttribute('aria-current', 'page');
  await expect(page.getByRole('region', { name: 'The curve' })).toBeVisible();
});

test('a model that cannot be loaded is named, and the others go on', async ({ page }) => {
  test.skip(families.length < 2, 'one family alone is shipped');
  await useSmallSuite(page, size);
  await page.route('**/models/gpt-*/card.json', (route) => route.fulfill({ status: 404, body: 'gone' }));
  await page.goto('./#view=families');
  await expect(page.getByRole('alert')).toContainText(/GPT small.*: .*card\.json is not there/);
  await expect(sentence(page)).toContainText('encoder', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText(/^Paused:/)).toBeVisible();
  await page.unroute('**/models/gpt-*/card.json');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(sentence(page)).toContainText(/the decoder/, { timeout: 60_000 });
});

test('layers that one family alone has give one curve, and the others are said to have none', async ({ page }) => {
  test.skip(!families.includes('encoder-decoder'), 'no encoder-decoder is shipped');
  await useSmallSuite(page, size);
  await page.goto('./#view=families');
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('combobox', { name: 'Applied to' }).click();
  await page.getByRole('option', { name: 'Cross-attention' }).click();
  await expect(page.getByText(/: has no such layers, so it has no curve here/)).toHaveCount(families.length - 1);
});

test('other kinds of questions are asked when that is wanted', async ({ page }) => {
  await useSmallSuite(page, { relations: 3, facts: 6, heldOut: 2, docs: 2 });
  await page.goto('./#view=families&by=kind');
  // The curves wait meanwhile.
  await page.getByRole('button', { name: 'Ask a sample of every kind' }).click();
  await expect(page.getByRole('button', { name: 'Ask more of every kind' })).toBeEnabled({ timeout: 200_000 });
  await groups(page).getByText('As a table').click();
  for (const kind of [/never trained \(control\)/, /in other words/, /^Yes or no/, /^The last word/])
    await expect(groups(page).getByRole('row', { name: kind })).toContainText(/n = \d+/);
});
