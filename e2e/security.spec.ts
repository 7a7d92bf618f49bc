import { expect, type Page, test } from '@playwright/test';
import { pageIds } from '../src/app/page-ids.ts';
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
  for (const id of pageIds) {
    await page.goto(`/#view=${id}`);
    await page.reload();
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible({ timeout: 60_000 });
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
  for (const id of pageIds) {
    await page.goto(`/#view=${id}`);
    await page.reload();
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible({ timeout: 60_000 });
    await page.waitForTimeout(700);
  }
  // Fields of a link, which are repeated in what is said of it.
  for (const field of ['model', 'suite', 'template', 'relation', 'steps', 'results', 'v']) {
    for (const id of pageIds) await page.goto(`/#view=${id}&v=2&${field}=${encodeURIComponent(hostile(field))}`);
    await page.waitForTimeout(200);
  }
  expect(await page.evaluate(() => globalThis.hacked)).toBeUndefined();
  expect(await page.evaluate(() => globalThis.violations)).toEqual([]);
});
