import { expect, type Page, test } from '@playwright/test';
import { complaints, finished, useSmallSuite } from './page.ts';

const levels = 10;

/** What the page says at this moment, without waiting for anything, and where what follows begins. */
const now = (page: Page) =>
  page.evaluate(() => {
    const [sentence, map] = ['Compression', 'What it still knows'].map((name) =>
      [...document.querySelectorAll('section')].find(
        (section) => (section.ariaLabel ?? section.querySelector('h2')?.textContent) === name,
      ),
    );
    const below = (part: Element | undefined, what: string) =>
      Math.round(part!.querySelector(what)!.getBoundingClientRect().top - part!.getBoundingClientRect().top);
    // Where the thumb stands, not the thumb itself: it grows a little while it is drawn.
    return {
      text: sentence?.textContent ?? '',
      places: `slider ${below(sentence, ':has(> [role=slider])')}, dots ${below(map, 'canvas')}`,
    };
  });

/** Draws the slider from its beginning to its end, and tells what the page said at each stop. */
async function drag(page: Page) {
  const thumb = page.getByRole('slider', { name: 'Weights removed' });
  await thumb.press('Home');
  const { x, y, width, height } = (await thumb.boundingBox())!;
  const from = { x: x + width / 2, y: y + height / 2 };
  await thumb.press('End');
  const last = (await thumb.boundingBox())!;
  const length = last.x - x;
  await thumb.press('Home');
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  const seen: Awaited<ReturnType<typeof now>>[] = [];
  for (let stop = 0; stop < levels; stop++) {
    await page.mouse.move(from.x + (length * stop) / (levels - 1), from.y);
    seen.push(await now(page));
  }
  await page.mouse.up();
  return seen;
}

const sizes = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
];

test('a number at every stop of the slider: estimated at once, then computed, and nothing moves', async ({ page }) => {
  const errors = complaints(page);
  await useSmallSuite(page, { relations: 8, facts: 8, heldOut: 2, docs: 2 });
  // Stopped by the page itself: the next samples would be there before a test could press the button.
  await page.addInitScript(
    (stops) => {
      new PerformanceObserver(() => {
        const pieces = performance.getEntriesByName('lossy:piece').length;
        if (stops.length === 0 || pieces < stops[0]) return;
        const button = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Pause');
        if (!button) return;
        stops.shift();
        button.click();
      }).observe({ type: 'mark', buffered: true });
    },
    [1, 4],
  );
  await page.goto('./');

  const places = sizes.map(() => new Set<string>());
  // First the uncompressed model alone is known, then levels on both sides, too.
  for (const most of [2, 5]) {
    await expect(page.getByText(/^Paused:/)).toBeVisible({ timeout: 60_000 });
    for (const [at, size] of sizes.entries()) {
      await page.setViewportSize(size);
      const seen = await drag(page);
      const estimated = seen.filter(({ text }) => /the model knows (at most )?about \d+\s%/.test(text));
      const computed = seen.filter(({ text }) => /the model knows \d+\.\d\s%/.test(text));
      expect(computed[0].text).toMatch(/^Uncompressed/);
      expect(computed.length).toBeLessThanOrEqual(most);
      expect(estimated.length + computed.length).toBe(levels);
      for (const { text } of estimated) expect(text).toContain('estimated from');
      for (const stop of seen) places[at].add(stop.places);
    }
    await page.getByRole('button', { name: 'Go on' }).click();
  }

  await finished(page);
  for (const [at, size] of sizes.entries()) {
    await page.setViewportSize(size);
    const seen = await drag(page);
    for (const { text } of seen) expect(text).toMatch(/the model knows \d+\.\d\s% .*n = \d+ facts; 95 % interval/s);
    for (const stop of seen) places[at].add(stop.places);
  }
  // What stands below the texts has one place at each width: at every stop, estimated and computed.
  for (const found of places) expect([...found]).toHaveLength(1);
  expect(errors).toEqual([]);
});
