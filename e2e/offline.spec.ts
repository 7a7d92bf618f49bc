import { expect, test } from '@playwright/test';
import { complaints, keptAnswers } from './page.ts';
import { staticHost } from './static.ts';
import { keptForOffline } from './stories.ts';

test.use({ serviceWorkers: 'allow' });

test('after the first visit the lab opens and computes without a network, and has its threads on a plain host', async ({
  page,
}) => {
  const host = await staticHost();
  await page.goto(host.url);
  const says = complaints(page);
  // On the first visit the host's own answers count: without its headers no memory is shared, and the lab works so, too.
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await expect(page.getByText(/^P@1, n = /).first()).toBeVisible({ timeout: 90_000 });
  // All views are kept when the first answers are there, and the build of the runtime that this device uses.
  await keptForOffline(page);
  await page.evaluate(() => lossy.cancel());
  const before = await keptAnswers(page);

  await host.close();
  await page.goto('about:blank');
  await page.goto(host.url);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expect(page.getByText(/^P@1, n = /).first()).toBeVisible({ timeout: 60_000 });
  // It goes on computing where it was: the runtime and the model are there without a network.
  await expect.poll(() => keptAnswers(page), { timeout: 60_000 }).toBeGreaterThan(before);
  await page.getByRole('link', { name: 'Classroom' }).click();
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
  expect(says).toEqual([]);
});

test('?sw=off takes the service worker away', async ({ page }) => {
  await page.goto('/');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.goto('/?sw=off');
  await expect.poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
});
