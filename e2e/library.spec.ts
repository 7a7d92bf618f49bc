import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { parquetReadObjects } from 'hyparquet';
import { expectAccessible } from './axe.ts';
import { complaints, keptAnswers, sharedPage, useSmallSuite } from './page.ts';

const size = { relations: 4, facts: 12, heldOut: 2, docs: 5 };
const asked = 40;

const list = (page: Page) => page.getByRole('table', { name: /^Kept results/ });
const rows = (page: Page) =>
  list(page)
    .getByRole('row')
    .filter({ has: page.getByRole('cell') });
const told = (page: Page) => page.getByRole('status');

/** Three results, computed by the page's own interface. */
async function compute(page: Page): Promise<void> {
  await page.goto('./#view=library');
  await expect(page.getByText('Nothing was computed here yet')).toBeVisible();
  await page.evaluate(async (limit) => {
    await lossy.run({ limit });
    await lossy.run({ limit, recipe: [{ method: 'rtn', scope: 'attention', bits: 3 }] });
    await lossy.run({ limit, recipe: [{ method: 'magnitude-global', scope: 'block-1.query', sparsity: 0.9 }] });
  }, asked);
  await page.reload();
  await expect(rows(page)).toHaveCount(3);
}

async function exported(page: Page, name: RegExp): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name }).click();
  return (await download).path();
}

let page: Page;
test.beforeAll(async ({ browser }) => {
  page = await sharedPage(browser, size);
  await compute(page);
});
test.afterAll(() => page.context().close());
test.beforeEach(async () => {
  await page.goto('./#view=library');
  // What was selected is selected no longer.
  await page.reload();
  await expect(rows(page)).toHaveCount(3);
});

test('results are found, tagged, exported, and come back on another machine', async ({ browser }) => {
  const errors = complaints(page);
  await expect(page).toHaveTitle(/everything that was computed here/);

  // Search, and the address that holds it.
  await page.getByRole('searchbox', { name: 'Search' }).fill('attention rtn');
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByRole('heading', { name: 'Kept results (1 of 3)' })).toBeVisible();
  await expect(page).toHaveURL(/q=attention\+rtn/);
  await expect(rows(page)).toContainText(/3-bit/);
  await expect(rows(page)).toContainText(/[\d.]+\s% \([\d.]+ to [\d.]+\s%\)/);

  // A tag, which finds it again.
  await list(page)
    .getByRole('checkbox', { name: /^Select 3-bit/ })
    .check();
  await page.getByRole('textbox', { name: 'New tag' }).fill('lesson 3');
  await page.getByRole('button', { name: 'Add tag' }).click();
  await expect(rows(page)).toContainText('lesson 3');
  await page.getByRole('searchbox', { name: 'Search' }).fill('');
  await page.getByRole('combobox', { name: 'Tag' }).click();
  await page.getByRole('option', { name: 'lesson 3' }).click();
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('combobox', { name: 'Tag' }).click();
  await page.getByRole('option', { name: 'any' }).click();
  await expect(rows(page)).toHaveCount(3);

  // Sorting tells of itself.
  await list(page).getByRole('button', { name: 'Right (P@1)' }).click();
  await expect(list(page).getByRole('columnheader', { name: 'Right (P@1)' })).toHaveAttribute('aria-sort', 'ascending');

  // Two are compared.
  await list(page)
    .getByRole('checkbox', { name: /^Select uncompressed/ })
    .check();
  await expect(page.getByRole('link', { name: 'Compare the two' })).toHaveAttribute('href', /view=compare.*&a=.*&b=/);
  await list(page).getByRole('checkbox', { name: 'Select all that are found' }).check();
  await expect(told(page).filter({ hasText: '3 selected' })).toBeVisible();

  const figures = await list(page).textContent();
  const parquet = readFileSync(await exported(page, /Parquet/));
  const answers = await parquetReadObjects({ file: new Uint8Array(parquet).buffer });
  expect(answers).toHaveLength(3 * asked);
  expect(answers[0]).toMatchObject({ place: 0, key: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(answers.every(({ rank }) => rank >= 1)).toBe(true);
  const csv = readFileSync(await exported(page, /CSV/), 'utf8');
  expect(csv.trim().split('\n')).toHaveLength(4);
  const json = await exported(page, /JSON/);

  await expectAccessible(page);
  expect(errors).toEqual([]);

  // Another machine: the same list, and nothing was computed there.
  const other = await (await browser.newContext()).newPage();
  await useSmallSuite(other, size);
  await other.goto(page.url());
  await expect(other.getByText('Nothing was computed here yet')).toBeVisible();
  await other.getByLabel('File of results to import').setInputFiles({
    name: 'results.json',
    mimeType: 'application/json',
    buffer: readFileSync(json),
  });
  await expect(told(other).filter({ hasText: 'Imported: 3 new' })).toBeVisible();
  expect(await list(other).textContent()).toBe(figures);
  expect(await keptAnswers(other)).toBe(3 * asked);
  expect(await other.evaluate(async () => (await lossy.backend()).computed)).toBe(0);
  // Once more: nothing is lost, nothing doubled.
  const again = { name: 'results.json', mimeType: 'application/json', buffer: readFileSync(json) };
  await other.getByLabel('File of results to import').setInputFiles(again);
  await expect(told(other).filter({ hasText: '3 that were here already' })).toBeVisible();

  // The command line's files: what holds every answer comes in, and the rest is told.
  const lines = JSON.parse(readFileSync(json, 'utf8')).results.map(
    ({ result, tags, ...kept }: { result: object; tags: string[] }) => ({ ...result, kept }),
  );
  const { kept, ...alone } = lines[2];
  const study = [lines[0], { ...lines[1], status: 'done' }, alone].map((line) => `${JSON.stringify(line)}\n`).join('');
  const jsonl = { name: 'results.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(study) };
  await other.evaluate(async () => lossy.cache.clear());
  await other.reload();
  await expect(other.getByText('Nothing was computed here yet')).toBeVisible();
  await other.getByLabel('File of results to import').setInputFiles(jsonl);
  await expect(told(other).filter({ hasText: 'Imported: 2 new' })).toContainText(
    'Left out: 1 without the single answers, which this page needs; compute them on the command line with --keep.',
  );
  await expect(rows(other)).toHaveCount(2);
  await other.getByLabel('File of results to import').setInputFiles(again);
  await expect(told(other).filter({ hasText: 'Imported: 1 new' })).toBeVisible();

  // A file that was changed is refused as a whole, and says why.
  const mangled = JSON.parse(readFileSync(json, 'utf8'));
  mangled.results[1].result.hits += 1;
  const changed = { ...again, buffer: Buffer.from(JSON.stringify(mangled)) };
  await other.getByLabel('File of results to import').setInputFiles(changed);
  await expect(other.getByRole('alert')).toContainText(/The file cannot be used.*Result 2 of 3: it says \d+ hits/s);
  await expect(rows(other)).toHaveCount(3);
  await other.context().close();
});

test('space is told, and downloaded models can be deleted', async () => {
  const space = page.getByRole('region', { name: 'Space' });
  await expect(space.getByRole('row', { name: /^Downloaded models [\d.]+\sMB/ })).toBeVisible();
  await space.getByRole('button', { name: 'Delete downloaded models' }).click();
  await expect(space.getByRole('row', { name: /^Downloaded models 0\sbytes/ })).toBeVisible();
  await expect(rows(page)).toHaveCount(3);
});

test('a link that is followed while the page is busy is not lost', async () => {
  await page.getByRole('searchbox', { name: 'Search' }).fill('rtn');
  await expect(page).toHaveURL(/q=rtn/);
  await page.getByRole('link', { name: 'Layers' }).focus();
  // The search is written into the address a moment after it changed: just then the link is followed.
  await page.evaluate(() => {
    const field = document.querySelector<HTMLInputElement>('input[type=search]');
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, '');
    field?.dispatchEvent(new Event('input', { bubbles: true }));
    setTimeout(() => {
      for (const end = performance.now() + 600; performance.now() < end; );
    }, 0);
  });
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/view=layers/);
  await expect(page.getByRole('heading', { name: /^Sensitivity/ })).toBeVisible();
});

// The last: one result fewer.
test('the keyboard alone searches, selects, deletes and opens', async () => {
  await page.getByRole('searchbox', { name: 'Search' }).focus();
  await page.keyboard.type('rtn');
  await expect(rows(page)).toHaveCount(1);
  const box = list(page).getByRole('checkbox', { name: /^Select 3-bit/ });
  await box.focus();
  await page.keyboard.press('Space');
  await expect(box).toBeChecked();
  await page.getByRole('button', { name: 'Delete…' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Delete 1 for good?')).toBeVisible();
  // The safe answer has the focus.
  await expect(page.getByRole('button', { name: 'Keep', exact: true })).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText('No result has all of these words.')).toBeVisible();
  // The button is gone: what comes next is the list.
  await expect(page.locator(':focus')).toHaveText('No result has all of these words.');
  await page.getByRole('searchbox', { name: 'Search' }).fill('');
  await expect(rows(page)).toHaveCount(2);
  expect(await page.evaluate(async () => (await lossy.cache.list()).length)).toBe(2);
  const link = list(page).getByRole('link', { name: /block 1, query/ });
  await link.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'What it still knows' })).toBeVisible();
  await expect(page).toHaveURL(/steps=magnitude-global,block-1\.query/);
  await page.goBack();
  await expect(rows(page)).toHaveCount(2);
});
