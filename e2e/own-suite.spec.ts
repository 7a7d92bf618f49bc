import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import { finished, sharedPage, smallSuite, useSmallSuite } from './page.ts';

const lines = (records: object[]) => records.map((record) => JSON.stringify(record)).join('\n');
const capital = (sub_label: string, obj_label: string | null) => ({
  uuid: sub_label,
  sub_label,
  obj_label,
  predicate_id: 'P36',
  evidences: [],
});

/** A folder in LAMA's layout with facts of our own. */
const lama = {
  'relations.jsonl': lines([
    { relation: 'P36', template: 'The capital of [X] is [Y] .', label: 'capital', type: '1-1' },
    { relation: 'P30', template: '[X] is located in [Y] .', label: 'continent', type: 'N-1' },
  ]),
  'TREx/P36.jsonl': lines([
    capital('France', 'Paris'),
    capital('Italy', 'Rome'),
    capital('Spain', 'Madrid'),
    capital('Nowhere', null),
  ]),
  'TREx/P30.jsonl': lines([
    { ...capital('France', 'Europe'), predicate_id: 'P30' },
    { ...capital('Kenya', 'Africa'), predicate_id: 'P30' },
  ]),
};

/** Writes the files into a folder that the test may use. */
function writeFolder(root: string, files: Record<string, string>): string {
  const folder = join(root, 'my-facts');
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

const open = async (page: Page) => {
  await page.getByRole('button', { name: 'Use your own facts' }).click();
  return page.getByRole('dialog', { name: 'Use your own facts' });
};

/** Chooses files with the dialog's button. */
async function choose(page: Page, file: { name: string; buffer: Buffer }): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a zip or files' }).click();
  await (await chooser).setFiles({ ...file, mimeType: 'application/octet-stream' });
}

test('a LAMA folder is asked, is still there after a reload, and stays on this machine', async ({
  page,
  browser,
  baseURL,
}, info) => {
  await useSmallSuite(page);
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET') sent.push(request.url());
  });
  await page.goto('./');
  const dialog = await open(page);
  await dialog.getByLabel('Folder with facts').setInputFiles(writeFolder(info.outputPath(), lama));
  const list = dialog.getByRole('list', { name: 'Your own suites' });
  await expect(list).toContainText('5 facts');
  await list.getByText('1 left out').click();
  await expect(list).toContainText(/1: .*object/);
  await dialog.getByRole('button', { name: 'Ask these' }).click();

  await expect(page).toHaveURL(/suite=own-[0-9a-f]{12}&template=given/);
  await finished(page);
  await expect(page.getByText(/the model knows .* of the facts/)).toBeVisible();
  const relations = page.getByRole('region', { name: 'Relations', exact: true });
  await expect(relations.getByRole('row', { name: /capital P36 1-1/ })).toBeVisible();

  await page.reload();
  await finished(page);
  await expect(page.getByRole('combobox', { name: 'Questions', exact: true })).toHaveValue(/my-facts/);
  expect(sent).toEqual([]);

  // Somebody else gets the results, and is told that the files are not there.
  await page.getByRole('button', { name: 'Share' }).click();
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  const other = await (await browser.newContext({ baseURL })).newPage();
  await other.goto(link);
  await expect(other.getByText('These results are from the link')).toBeVisible();
  await expect(other.getByText(/files of whoever made the link: they stay on that machine/)).toBeVisible();
  await expect(other.getByText(/the model knows .* of the facts/)).toBeVisible();
  await other.goto(link.replace(/&results=.*/, ''));
  await other.reload();
  await expect(other.getByRole('alert')).toContainText('stay with whoever chose them');
  await other.context().close();

  // Deleted, it is offered no longer, and the shipped facts are asked again.
  await page.getByRole('button', { name: 'Close' }).click();
  await open(page);
  await page.getByRole('button', { name: /^Forget/ }).click();
  await expect(page.getByRole('list', { name: 'Your own suites' })).toHaveCount(0);
  await expect(page).toHaveURL(/suite=facts&template=seen/);
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('combobox', { name: 'Questions', exact: true })).toHaveValue(
    new RegExp(`^${smallSuite.title}`),
  );
});

test.describe('files', () => {
  let page: Page;
  test.beforeAll(async ({ browser }) => {
    page = await sharedPage(browser);
    await page.goto('./');
  });
  test.afterAll(() => page.context().close());
  test.afterEach(async () => {
    await page.getByRole('button', { name: 'Close' }).click();
    await expect(page.getByText(/the model knows/)).toBeVisible({ timeout: 60_000 });
  });

  test('a zip of the same is the same suite', async () => {
    const dialog = await open(page);
    const entries = Object.entries(lama).map(([path, text]) => [`LAMA/${path}`, strToU8(text)]);
    await choose(page, { name: 'lama.zip', buffer: Buffer.from(zipSync(Object.fromEntries(entries))) });
    await expect(dialog.getByRole('list', { name: 'Your own suites' })).toContainText('5 facts');
  });

  for (const [what, name, text, words] of [
    ['no facts at all', 'notes.txt', 'Paris is lovely.', /notes\.txt/],
    [
      'a damaged line',
      'boolq.jsonl',
      '{"passage":"a","question":"b","answer":true}\n{"passage":',
      /boolq\.jsonl, line 2/,
    ],
    ['another shape', 'x.jsonl', '{"a":1}', /x\.jsonl/],
    ['a zip that was cut', 'lama.zip', 'PK\u0003\u0004nothing', /lama\.zip/],
  ] as const) {
    test(`a file with ${what} is refused by its name and place, and the page goes on`, async () => {
      const dialog = await open(page);
      await choose(page, { name, buffer: Buffer.from(text) });
      await expect(dialog.getByRole('alert')).toContainText(words);
      await expect(dialog.getByRole('alert')).toContainText('These facts cannot be used');
    });
  }
});
