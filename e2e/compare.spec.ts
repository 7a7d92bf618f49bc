import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { complaints, finished, keptAnswers, sharedPage, useSmallSuite } from './page.ts';

/** All facts are fewer than a first sample. */
const size = { relations: 6, facts: 14, heldOut: 2, docs: 5 };

const summary = (page: Page) => page.getByRole('region', { name: 'What the two still know' });
const facts = (page: Page) => page.getByRole('table', { name: 'Fact by fact' });

test('two recipes are compared fact by fact, made equally large, and a fact opens in Explore', async ({ page }) => {
  const errors = complaints(page);
  await useSmallSuite(page, size);
  await page.goto('./#view=compare');
  await expect(page).toHaveTitle(/same size, different facts/);
  await finished(page);
  await expect(summary(page)).toContainText(/of \d+ facts (differ|are known)/);
  await expect(summary(page)).toContainText(/[+−]?[\d.]+ points \(95 % interval [+−]?[\d.]+ to [+−]?[\d.]+\)/);
  await expect(summary(page)).toContainText(/p = [\d.]+, mid-p = [\d.]+/);
  await expect(summary(page)).toContainText(/at least [\d.]+ nats/);
  await expect(page.getByRole('img', { name: /right in both/ })).toBeVisible();

  // What the figure counts is what the list holds.
  const flow = (await page.getByRole('img', { name: /right in both/ }).getAttribute('aria-label')) ?? '';
  const lost = Number(/(\d+) right in A alone/.exec(flow)?.[1]);
  await page.getByRole('radiogroup', { name: 'Show' }).getByText('A alone').click();
  await expect(page).toHaveURL(/show=lost/);
  await expect(page.getByText(`${lost} facts`, { exact: true })).toBeVisible();

  // Another pair; both then take about the same room.
  await page.getByRole('button', { name: 'Which layers?' }).click();
  await expect(page).toHaveURL(/b=magnitude-global,attention,5/);
  await finished(page);
  await page.getByRole('button', { name: 'To equal size' }).click();
  await expect(
    page.getByText(/^Of 9 levels, \d+ % comes closest in size: B has [\d.]+\sMB, A has [\d.]+\sMB\.$/),
  ).toBeVisible({
    timeout: 60_000,
  });
  await expect(page).toHaveURL(/b=magnitude-global,attention,\d/);
  await finished(page);
  await page.getByRole('radiogroup', { name: 'Show' }).getByText('All flips').click();
  await expect(facts(page).getByRole('row').nth(1)).toContainText(/[✓✗]/);
  await expectAccessible(page);

  // Another visit: the same numbers, and nothing is asked.
  const said = await summary(page).textContent();
  const answers = await keptAnswers(page);
  await page.reload();
  await expect(summary(page)).toHaveText(said ?? '');
  await expect(facts(page).getByRole('row').nth(1)).toContainText(/[✓✗]/);
  expect(await keptAnswers(page)).toBe(answers);

  const link = facts(page).getByRole('link').first();
  const subject = (await link.textContent()) ?? '';
  await link.click();
  await expect(page.getByRole('region', { name: 'One fact' })).toContainText('Right:', { timeout: 60_000 });
  await expect(
    page.getByRole('textbox', { name: /facts/i }).or(page.getByRole('combobox', { name: /facts/i })),
  ).toHaveValue(subject);
  expect(errors).toEqual([]);
});

test.describe('with the keyboard alone', () => {
  let page: Page;
  test.beforeAll(async ({ browser }) => {
    page = await sharedPage(browser, size);
  });
  test.afterAll(() => page.context().close());

  test('a pair is chosen, a level moved, and the facts are filtered', async () => {
    await page.goto('./#view=compare');
    await finished(page);
    await page.getByRole('button', { name: 'Remove or round?' }).focus();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/b=rtn,overall,5/);
    await page.getByRole('slider', { name: 'Weights removed (A)' }).focus();
    await page.keyboard.press('ArrowLeft');
    await expect(page).toHaveURL(/a=magnitude-global,overall,4/);
    await finished(page);
    await page.getByRole('radiogroup', { name: 'Show' }).getByRole('radio', { name: 'All flips' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect(page).toHaveURL(/show=lost/);
    await facts(page).focus();
    await expect(facts(page)).toBeFocused();
    await page.getByRole('button', { name: 'To equal accuracy' }).focus();
    await page.keyboard.press('Enter');
    await expect(
      page.getByText(/comes closest in accuracy: B has [\d.]+\s%, A has [\d.]+\s% of the same \d+ facts/),
    ).toBeVisible({
      timeout: 60_000,
    });
  });

  test('three recipes: the keyboard adds one, chooses whose answers stand beside A, and takes one away', async () => {
    const errors = complaints(page);
    await page.goto('./#view=compare&v=2&a=magnitude-global,overall,5&b=rtn,overall,5');
    await finished(page);
    await page.getByRole('button', { name: 'Add a recipe' }).focus();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/c=rtn,overall,5&against=c/);
    await page.getByRole('slider', { name: 'Bits per weight (C)' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect(page).toHaveURL(/c=rtn,overall,6&against=c/);
    await finished(page);
    const three = page.getByRole('region', { name: 'What the three still know' });
    await expect(three).toContainText('A and C side by side');
    await expect(three).toContainText('2 tests were made at once');
    await expect(page.getByRole('img', { name: /right in C alone/ })).toBeVisible();

    // Whose answers stand beside A: nothing is asked for it.
    const answers = await keptAnswers(page);
    await three.getByRole('button', { name: /^B / }).focus();
    await page.keyboard.press('Enter');
    await expect(page).not.toHaveURL(/against=/);
    await expect(three).toContainText('A and B side by side');
    await expect(page.getByRole('img', { name: /right in B alone/ })).toBeVisible();
    expect(await keptAnswers(page)).toBe(answers);

    // The figure's numbers are all facts; the pairs' table is read by its letters.
    const bars = page.getByRole('img', { name: /known to all three/ });
    const numbers = [...((await bars.getAttribute('aria-label')) ?? '').matchAll(/(\d+) known/g)].map(([, k]) =>
      Number(k),
    );
    const n = Number(/^Of (\d+) facts/.exec((await bars.getAttribute('aria-label')) ?? '')?.[1]);
    expect(numbers).toHaveLength(4);
    expect(numbers.reduce((sum, k) => sum + k, 0)).toBe(n);
    await expect(page.getByRole('table', { name: 'Known to both of each pair' }).getByRole('row')).toHaveCount(4);
    await expectAccessible(page);

    await page.getByRole('button', { name: 'Remove recipe C' }).focus();
    await page.keyboard.press('Enter');
    await expect(page).not.toHaveURL(/c=rtn/);
    await expect(summary(page)).toContainText(/facts (differ|are known)|exactly the same/);
    await expect(bars).toBeHidden();
    expect(errors).toEqual([]);
  });
});
