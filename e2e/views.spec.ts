import { expect, test } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { complaints, finished, useSmallSuite } from './page.ts';
import { expectFits, phone } from './stories.ts';

const little = { relations: 4, facts: 12, heldOut: 2, docs: 5 };

test('Explore stops nobody who cannot see it or its colours', async ({ page }) => {
  const says = complaints(page);
  await useSmallSuite(page, little);
  await page.goto('/');
  await finished(page);
  await expectAccessible(page);
  expect(says).toEqual([]);

  // With the keyboard alone: the level, a fact and its history, another view and back.
  await page.getByRole('slider', { name: 'Weights removed' }).focus();
  await page.keyboard.press('End');
  await expect(page).toHaveURL(/steps=magnitude-global,overall,9/);
  const facts = page.getByRole('combobox', { name: /Search all facts/ });
  await facts.focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('option').first()).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const history = page.getByRole('table', { name: 'At each level' });
  await expect(history.getByRole('row')).toHaveCount(11);
  // A level of the history leads there.
  await history.getByRole('button', { name: '20 %' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/steps=magnitude-global,overall,2/);
  await page.getByRole('link', { name: 'Library' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/view=library/);
  await page.goBack();
  await expect(page).toHaveURL(/steps=magnitude-global,overall,2/);
  await expect(page.getByRole('table', { name: 'At each level' })).toBeVisible();
});

test('on a phone nothing sticks out of the page', async ({ page }) => {
  await useSmallSuite(page, little);
  await page.setViewportSize(phone.viewport);
  for (const view of ['explore', 'curves', 'families', 'compare', 'layers', 'decide', 'classroom', 'library']) {
    await page.goto(`/?${view}#view=${view}`);
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
    await page.waitForTimeout(500);
    await expectFits(page);
  }
});

test.describe('with a finger, on a phone', () => {
  test.use(phone);

  test('a fact is found by its name', async ({ page }) => {
    await useSmallSuite(page, little);
    await page.goto('./');
    const field = page.getByRole('combobox', { name: 'Search all facts' });
    await expect(field).toBeEnabled();
    await field.tap();
    await expect(page.getByRole('option').first()).toBeInViewport();
    const name = (await page.getByRole('option').last().textContent())!;
    await page.keyboard.type(name.slice(0, 4));
    await page.getByRole('option', { name, exact: true }).first().tap();
    await expect(field).toHaveValue(name);
    await expect(page.getByRole('region', { name: 'One fact' }).getByText(/\[MASK\]/)).toContainText(name);
  });
});
