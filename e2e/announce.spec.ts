import { expect, type Page, test } from '@playwright/test';
import { complaints, finished, useSmallSuite } from './page.ts';

declare global {
  var announced: string[];
  /** Seconds that the page's clock is put forward. */
  var later: number;
}

const told = (page: Page) => page.evaluate(() => globalThis.announced);

/** Somebody looks at another tab, or comes back. */
const setHidden = (page: Page, isHidden: boolean) =>
  page.evaluate((value) => Object.defineProperty(document, 'hidden', { value, configurable: true }), isHidden);

/** Asks in another wording, with so many seconds passing while it is computed. */
async function ask(page: Page, wording: string, seconds: number): Promise<void> {
  await page.getByRole('radiogroup', { name: 'Asked' }).getByText(wording).click();
  await expect(page).toHaveTitle(/^\d+ % · /);
  await page.evaluate((by) => {
    globalThis.later += by;
  }, seconds);
  await finished(page);
  await expect(page).not.toHaveTitle(/%/);
}

test('the end of long work is told where nobody looks, if that was allowed', async ({ page, context }) => {
  const errors = complaints(page);
  await context.grantPermissions(['notifications']);
  await page.addInitScript(() => {
    // The page's clock goes a hundred times as slow: what it takes by itself is short, on any machine.
    const now = performance.now.bind(performance);
    globalThis.later = 0;
    performance.now = () => now() / 100 + globalThis.later * 1000;
    globalThis.announced = [];
    const real = Notification;
    class Recorder {
      static permission: NotificationPermission = 'default';
      static async requestPermission() {
        Recorder.permission = await real.requestPermission();
        return Recorder.permission;
      }
      constructor(title: string, { body }: NotificationOptions) {
        globalThis.announced.push(`${title}: ${body}`);
      }
    }
    Object.assign(globalThis, { Notification: Recorder });
  });
  await useSmallSuite(page);
  await page.goto('./');
  const bell = page.getByRole('button', { name: 'Tell me when it is done' });
  // It is offered while something is computed, and once.
  await bell.click();
  await expect(bell).toHaveCount(0);
  await setHidden(page, true);
  await finished(page);
  await expect(page).not.toHaveTitle(/%/);
  // That was short.
  expect(await told(page)).toEqual([]);

  await ask(page, 'in other words', 30);
  expect(await told(page)).toEqual(['Lossy: What you asked for is computed.']);
  await setHidden(page, false);
  await ask(page, 'never trained (control)', 30);
  expect(await told(page)).toHaveLength(1);
  expect(errors).toEqual([]);
});
