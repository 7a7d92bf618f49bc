import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { csvParse } from 'd3-dsv';
import { expectAccessible } from './axe.ts';
import { complaints, downloads, finished, keptAnswers, labWorkers, sharedPage, useSmallSuite } from './page.ts';

const size = { relations: 4, facts: 12, heldOut: 2, docs: 5 };

const card = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true });
const chart = (page: Page) => page.getByRole('region', { name: 'Accuracy as compression grows' });
const table = (page: Page) => page.getByRole('table', { name: 'Points in numbers' });
/** The texts of the table's cells, row by row, without the head: in one question to the page. */
const cells = (page: Page) =>
  table(page).evaluate((element) =>
    [...element.querySelectorAll('tr, [role=row]')]
      .slice(1)
      .map((row) => [...row.querySelectorAll('td, [role=cell]')].map(({ textContent }) => textContent ?? '')),
  );

/** Saves what the menu of the first chart offers by this name. */
async function saved(page: Page, item: string): Promise<{ name: string; content: Buffer }> {
  await chart(page).getByRole('button', { name: 'Save or cite this chart' }).first().click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: item }).click(),
  ]);
  return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
}

test('an experiment of the paper: set by its link, computed, said in a sentence, taken away, and kept', async ({
  page,
}) => {
  const errors = complaints(page);
  await useSmallSuite(page, size);
  await page.goto('./#view=curves&preset=pruning-layers&model=bert-mini&suite=facts&template=seen');
  await expect(page).toHaveTitle(/how accuracy falls/);
  const about = card(page, 'Removing weights, by layers');
  await expect(about).toContainText('The paper asked');
  await expect(about).toContainText(/Nothing yet: 3 of the numbers/);
  expect(labWorkers(page)).toEqual([]);

  // 9 levels of three scopes, and the uncompressed model once.
  await expect(page.getByText(/^28 of 28 results are missing/)).toBeVisible();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await finished(page);
  await expect(about).toContainText(/At 50 %(, “| the lines are not distinguishable: “).*n = \d+/);
  await expect(about).toContainText(/The paper found.*section 4\.1/s);
  await expect(table(page)).toHaveAttribute('aria-rowcount', '31');
  const numbers = await cells(page);
  expect(numbers[0].slice(0, 2)).toEqual(['Whole model', '0 %']);
  const sentence = await about.textContent();

  // The table of numbers is what the file holds.
  const csv = await saved(page, 'Numbers (CSV)');
  expect(csv.name).toMatch(/^lossy-.*\.csv$/);
  const rows = csvParse(csv.content.toString());
  expect(rows).toHaveLength(30);
  numbers.forEach(([line, level, share, , n], index) => {
    const row = rows[index];
    expect([row.series, row.level, row.n]).toEqual([line, level, n.split(' ')[0]]);
    expect(`${(Number(row.share) * 100).toFixed(1)}\u00a0%`).toBe(share);
    expect(Number(row.low)).toBeLessThanOrEqual(Number(row.share));
    expect(row.key).toMatch(/^[0-9a-f]{64}$/);
  });
  expect(JSON.parse(rows[1].recipe)).toEqual([
    { method: 'magnitude-global', scope: 'overall', sparsity: expect.closeTo(0.1) },
  ]);
  const png = await saved(page, 'Picture (PNG)');
  expect(png.content.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  expect(png.content.length).toBeGreaterThan(5000);

  // Another visit: the same numbers from the cache, and nothing is loaded.
  const answers = await keptAnswers(page);
  const fetched = downloads(page);
  await page.reload();
  await expect(table(page)).toHaveAttribute('aria-rowcount', '31');
  expect(await cells(page)).toEqual(numbers);
  expect(await about.textContent()).toBe(sentence);
  await expect(page.getByText(/^All [\d,]+ answers are there\.$/)).toBeVisible();

  // Split by what is known of the facts: nothing is computed for that, either.
  await page.getByRole('combobox', { name: 'One line for each' }).click();
  await page.getByRole('option', { name: 'relation' }).click();
  await expect(chart(page).getByRole('list', { name: 'Lines' }).getByRole('button')).toHaveCount(4);
  await expect(table(page)).toHaveAttribute('aria-rowcount', '41');
  await expect(page).toHaveURL(/by=relation/);
  await expect(page).not.toHaveURL(/preset=/);
  expect(await keptAnswers(page)).toBe(answers);
  expect([fetched, labWorkers(page)]).toEqual([[], []]);

  // Back leads to the experiment.
  await page.goBack();
  await expect(about).toBeVisible();
  await expectAccessible(page);
  expect(errors).toEqual([]);
});

test.describe('other experiments', () => {
  let page: Page;
  test.beforeAll(async ({ browser }) => {
    page = await sharedPage(browser, size);
  });
  test.afterAll(() => page.context().close());

  test('everything that is chosen stands in the address, and a fresh page opens it', async () => {
    await page.goto('./#view=curves&preset=int8-layers&model=bert-mini&suite=facts&template=seen');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await finished(page);
    await page.getByRole('combobox', { name: 'Upwards' }).click();
    await page.getByRole('option', { name: /MRR/ }).click();
    await page.getByRole('radiogroup', { name: 'To the right' }).getByText('Size').click();
    for (const name of ['Intervals', 'A panel for each line', 'Log axis to the right'])
      await page.getByRole('checkbox', { name }).click();
    await chart(page).getByRole('button', { name: 'Attention', exact: true }).click();
    await expect(page).toHaveURL(/y=mrr&logx=1&bands=0&panels=1&range=all&off=attention/);
    await expect(chart(page).getByRole('button', { name: 'Save or cite this chart' })).toHaveCount(3);
    const numbers = await cells(page);

    const other = await page.context().newPage();
    await useSmallSuite(other, size);
    await other.goto(page.url());
    await expect(chart(other).getByRole('button', { name: 'Save or cite this chart' })).toHaveCount(3);
    await expect(chart(other).getByRole('button', { name: 'Attention', exact: true })).toHaveAttribute(
      'aria-pressed',
      'false',
    );
    await expect(other.getByRole('checkbox', { name: 'Intervals' })).not.toBeChecked();
    await expect(other.getByRole('checkbox', { name: 'Log axis to the right' })).toBeChecked();
    expect(await cells(other)).toEqual(numbers);
    await other.close();
  });

  test('the keyboard alone chooses an experiment, narrows it, computes it and switches a line off', async () => {
    await page.goto('./#view=curves&model=bert-mini&suite=facts&template=seen');
    const press = async (key: string, times = 1) => {
      for (let i = 0; i < times; i++) await page.keyboard.press(key);
    };
    await page.getByRole('button', { name: /^Removing, then rounding/ }).focus();
    await press('Enter');
    await expect(card(page, 'Removing, then rounding')).toBeVisible();
    await expect(page).toHaveURL(/preset=prune-then-quantize/);

    // The experiment looks at 0 to 40 %: from 20 % on is enough here.
    await expect(page.getByText('Shown from 0 % to 40 %')).toBeVisible();
    await page.getByRole('slider', { name: 'From' }).focus();
    await press('ArrowRight', 3);
    await expect(page.getByText('Shown from 30 % to 40 %')).toBeVisible();
    await page.getByRole('button', { name: 'Run', exact: true }).focus();
    await press('Enter');
    await finished(page);
    await expect(table(page)).toHaveAttribute('aria-rowcount', '13');
    await expect(card(page, 'Removing, then rounding')).toContainText(/This run shows.*At 40 %: .*n = \d+/s);

    // Each point tells its numbers when the chart is walked through.
    await chart(page).getByRole('application').focus();
    await press('ArrowRight');
    await expect(
      chart(page)
        .getByText(/95 % interval/)
        .first(),
    ).toBeVisible();

    const key = chart(page).getByRole('list', { name: 'Lines' }).getByRole('button').first();
    await key.focus();
    await press('Space');
    await expect(key).toHaveAttribute('aria-pressed', 'false');
    await expect(table(page)).toHaveAttribute('aria-rowcount', '11');
    await expect(page).toHaveURL(/off=a/);
  });
});
