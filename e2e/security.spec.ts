import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { viewIds } from '../src/app/view-list.ts';
import { cards, defaultModel, useSmallSuite } from './page.ts';

declare global {
  var hacked: string | undefined;
  var violations: string[];
}

/** Notes what the content security policy had to refuse, from the first moment on. */
const watchPolicy = (page: Page) =>
  page.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      globalThis.violations.push(`${violatedDirective} ${blockedURI}`),
    );
  });

/** Markup that would run a script wherever a text is taken for HTML, and says through which text it came. */
const hostile = (where: string) =>
  `<img src=x onerror="globalThis.hacked='${where}'"><script>globalThis.hacked='${where}'</script>`;

const little = { relations: 2, facts: 10, heldOut: 1, docs: 2 };

/** Facts whose every text is hostile; the answers are words of the model, or nothing would be asked. */
const hostileFacts: Parameters<typeof useSmallSuite>[2] = (suite) => ({
  ...suite,
  title: hostile('suite'),
  relations: suite.relations.map((relation) => ({
    ...relation,
    label: hostile('relation'),
    facts: relation.facts.map(([subject, ...rest]) => [`${subject} ${hostile('fact')}`, ...rest]),
  })),
});

test('no view asks for what the policy forbids, and a script that was slipped in does not run', async ({ page }) => {
  await watchPolicy(page);
  await useSmallSuite(page, little);
  for (const id of viewIds) {
    await page.goto(`/?${id}#view=${id}`);
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible({ timeout: 60_000 });
    expect(await page.evaluate(() => globalThis.violations), page.url()).toEqual([]);
  }
  await page.goto('/');
  await expect(page.getByText(/^P@1, n = /).first()).toBeVisible({ timeout: 60_000 });
  expect(await page.evaluate(() => globalThis.violations)).toEqual([]);
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = "globalThis.hacked = 'inline'";
    document.body.append(script);
    const button = document.createElement('button');
    button.setAttribute('onclick', "globalThis.hacked = 'handler'");
    document.body.append(button);
    button.click();
  });
  expect(await page.evaluate(() => globalThis.hacked)).toBeUndefined();
  // The refusals are seen: without this the empty list above would mean nothing.
  await expect.poll(() => page.evaluate(() => globalThis.violations.length)).toBeGreaterThan(0);
});

test('texts from outside are shown as text, wherever they come from', async ({ page }) => {
  await watchPolicy(page);
  await useSmallSuite(page, little, hostileFacts);
  const card = cards.find(({ id }) => id === defaultModel)!;
  await page.route(`**/models/${defaultModel}/card.json`, (route) =>
    route.fulfill({
      json: { ...card, title: hostile('model'), training: hostile('training'), licence: hostile('licence') },
    }),
  );
  await page.goto('/');
  await expect(page.getByText(/^All [\d,]+ answers are there\.$/)).toBeVisible({ timeout: 120_000 });
  // Relation and fact: in the map, the lists, the panel of one fact.
  await expect(page.getByText('<img src=x', { exact: false }).first()).toBeVisible();
  await page.getByRole('combobox', { name: /Search all facts/ }).fill('onerror');
  await page.getByRole('option').first().click();
  await expect(page.getByText("hacked='fact'", { exact: false }).first()).toBeVisible();
  // A result in the store whose names were changed by another program.
  await page.evaluate(async (name) => {
    const open = indexedDB.open('lossy');
    await new Promise((done) => open.addEventListener('success', done));
    const store = open.result.transaction('results', 'readwrite').objectStore('results');
    const keys = store.getAllKeys();
    await new Promise((done) => keys.addEventListener('success', done));
    const key = keys.result.find((entry) => String(entry).startsWith('entry:'))!;
    const record = store.get(key);
    await new Promise((done) => record.addEventListener('success', done));
    const put = store.put(
      {
        ...record.result,
        model: { ...record.result.model, name },
        suite: { ...record.result.suite, name },
        backend: name,
      },
      key,
    );
    await new Promise((done) => put.addEventListener('success', done));
    open.result.close();
  }, hostile('store'));
  for (const id of viewIds) {
    await page.goto(`/?${id}#view=${id}`);
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible({ timeout: 60_000 });
    await page.waitForTimeout(700);
    expect(await page.evaluate(() => globalThis.violations), page.url()).toEqual([]);
  }
  // Fields of a link, which are repeated in what is said of it.
  for (const field of ['model', 'suite', 'template', 'relation', 'steps', 'results', 'v']) {
    for (const id of viewIds) await page.goto(`/#view=${id}&v=2&${field}=${encodeURIComponent(hostile(field))}`);
    await page.waitForTimeout(200);
  }
  expect(await page.evaluate(() => globalThis.hacked)).toBeUndefined();
  expect(await page.evaluate(() => globalThis.violations)).toEqual([]);
});

test('texts of imported files are shown as text, whether the file is taken or refused', async ({ page }) => {
  await watchPolicy(page);
  await useSmallSuite(page, little);
  await page.goto('./#view=library');
  await page.evaluate(() => lossy.run({ recipe: [{ method: 'rtn', scope: 'overall', bits: 4 }] }));
  await page.reload();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: /JSON/ }).click();
  const good = readFileSync(await (await download).path(), 'utf8');
  await page.evaluate(() => lossy.cache.clear());
  await page.reload();
  await expect(page.getByText('Nothing was computed here yet')).toBeVisible();
  const bring = (name: string, text: string) =>
    page
      .getByLabel('File of results to import')
      .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) });
  // A file with hostile texts wherever it may have any: it is taken. A tag has 40 characters at most.
  const tag = "<img src=x onerror=hacked='tag'>";
  const file = JSON.parse(good);
  const [item] = file.results;
  item.tags = [tag];
  item.result.backend = hostile('backend');
  item.result.relations = { [hostile('relation')]: [1, 1] };
  for (const site of item.result.report.sites) site.name = hostile('site');
  await bring(hostile('file'), JSON.stringify(file));
  const status = page.getByRole('status');
  await expect(status.filter({ hasText: 'Imported: 1 new' })).toBeVisible();
  const list = page.getByRole('table', { name: /^Kept results/ });
  await expect(list.getByText(tag)).toBeVisible();
  await list.getByRole('checkbox', { name: /^Select 4-bit/ }).check();
  await expect(page.getByRole('button', { name: `Take the tag ${tag}` })).toBeVisible();
  await page.getByRole('combobox', { name: 'Tag' }).click();
  await expect(page.getByRole('option', { name: tag })).toBeVisible();
  await page.keyboard.press('Escape');

  // Texts that it may not have: what is said of them repeats some.
  const refused = page.getByRole('alert');
  const method = structuredClone(file);
  method.results[0].result.recipe[0].method = hostile('method');
  await bring('method.json', JSON.stringify(method));
  await expect(refused).toContainText('<img src=x');
  for (const part of ['model', 'suite']) {
    const named = structuredClone(file);
    named.results[0].result[part].name = hostile(part);
    await bring('named.json', JSON.stringify(named));
    await expect(refused).toContainText(`${part}.name`);
  }
  await bring('envelope.json', JSON.stringify({ ...file, format: hostile('format') }));
  await expect(refused).toContainText('format');
  await bring('text.json', hostile('text'));
  await expect(refused).toContainText('no JSON');

  // The command line's lines.
  const { result, tags, ...kept } = item;
  const line = { ...result, kept };
  const lines = [line, { ...line, model: { ...line.model, name: hostile('line') } }];
  await bring('lines.jsonl', lines.map((one) => `${JSON.stringify(one)}\n`).join(''));
  await expect(status.filter({ hasText: '1 that were here already' })).toContainText('whose name a link cannot hold');

  // Where else the taken one is shown.
  for (const view of ['decide', 'curves', 'compare', 'library']) {
    await page.goto(`/?${view}#view=${view}`);
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible({ timeout: 60_000 });
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => globalThis.violations), page.url()).toEqual([]);
  }
  expect(await page.evaluate(() => globalThis.hacked)).toBeUndefined();
  expect(await page.evaluate(() => globalThis.violations)).toEqual([]);
});
