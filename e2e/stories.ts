import { readFileSync } from 'node:fs';
import { expect, type Locator, type Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { finished } from './page.ts';

// What a person does in a story, for every test that tells one.

/** A phone, in the terms of a browser context. */
export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Explore's sentence about the level, once there are numbers in it. */
export const sentence = (page: Page) => page.getByText(/the model knows/);

/** Drags a slider's thumb with the mouse, to a share of the way between its ends. */
export async function dragTo(page: Page, slider: Locator, share: number): Promise<void> {
  const thumb = (await slider.boundingBox())!;
  const track = (await slider.locator('..').boundingBox())!;
  const y = thumb.y + thumb.height / 2;
  await page.mouse.move(thumb.x + thumb.width / 2, y);
  await page.mouse.down();
  await page.mouse.move(track.x + track.width * share, y, { steps: 4 });
  await page.mouse.up();
}

/** Opens the first fact of a relation in Explore by its list, and gives the panel with it. */
export async function openFact(page: Page, relation: string): Promise<Locator> {
  await page.getByRole('button', { name: new RegExp(`^${relation}.* \\d+ of \\d+ facts known`) }).click();
  await page.getByRole('combobox', { name: 'Facts of the chosen relation' }).click();
  const option = page.getByRole('option').first();
  const subject = await option.textContent();
  await option.click();
  const panel = await openedFact(page);
  await expect(panel.getByText(/\[MASK\]/)).toContainText(subject ?? '');
  return panel;
}

/** The panel of the fact that was opened, with what it has to say. */
export async function openedFact(page: Page): Promise<Locator> {
  const panel = page.getByRole('region', { name: 'One fact' });
  await expect(panel.getByText(/^Right: .*; stated by \d+ sentences a pass of the training$/)).toBeVisible();
  // The same fact over all levels, with what the model says at each.
  const history = panel.getByRole('table', { name: 'At each level' });
  await expect(history.getByRole('row')).toHaveCount(11);
  await expect(history.getByRole('cell', { name: /^\d+\.\d\s%$/ })).toHaveCount(10);
  return panel;
}

/** The link that the page offers for passing on what it shows. */
export async function sharedLink(
  page: Page,
  press: (target: Locator) => Promise<void> = (target) => target.click(),
): Promise<string> {
  await press(page.getByRole('button', { name: 'Share' }));
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('img', { name: 'QR code of the link' })).toBeVisible();
  const link = await dialog.getByRole('textbox', { name: 'Link' }).inputValue();
  await press(dialog.getByRole('button', { name: 'Close' }));
  await expect(dialog).toHaveCount(0);
  return link;
}

/** Draws a falling line through all levels of the classroom's guess. */
export async function drawGuess(page: Page): Promise<void> {
  const pad = page.getByRole('group', { name: 'Your guess, level by level' });
  const box = (await pad.boundingBox())!;
  await page.mouse.move(box.x + 60, box.y + 30);
  await page.mouse.down();
  for (const along of [0.4, 0.7, 1]) await page.mouse.move(box.x + box.width * along - 5, box.y + 30 + along * 180);
  await page.mouse.up();
  // A line was drawn through all levels: each of them has a place on it.
  const values = await pad
    .getByRole('slider')
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-valuetext')));
  expect(values).toHaveLength(9);
  for (const value of values) expect(value).toMatch(/^\d+ % of the facts right$/);
  await expect(page).toHaveURL(/guess=\d+(,\d+){8}/);
}

/** What the classroom says of a guess. */
export const verdict = (page: Page) =>
  page.getByText(/^On average your guess was [\d.]+ percentage points off, over 9 levels/);

/** Shows what happened beside the guess, and gives it as a table. */
export async function showWhatHappened(page: Page): Promise<string | null> {
  await page.getByRole('button', { name: 'Show what happened' }).click();
  await expect(verdict(page)).toBeVisible();
  await page.getByText('As a table').click();
  await expect(page.getByRole('row', { name: /^\d0 % \d+ % [\d.]+\s% [\d.]+ to [\d.]+\s% \d+$/ })).toHaveCount(9);
  return page.getByRole('table').textContent();
}

/** What Compare says of its two recipes. */
const comparison = (page: Page) => page.getByRole('region', { name: 'What the two still know' });

/** Waits for the whole comparison, and checks that it says what it has to. */
export async function compared(page: Page): Promise<void> {
  await finished(page);
  await expect(comparison(page)).toContainText(/of( these)? \d+ facts/);
  await expect(comparison(page)).toContainText(/[+−]?[\d.]+ points \(95 % interval [+−]?[\d.]+ to [+−]?[\d.]+\)/);
  await expect(comparison(page)).toContainText(/p = [\d.]+, mid-p = [\d.]+/);
  await expect(comparison(page)).toContainText(/at least [\d.]+ nats/);
  await expect(page.getByRole('img', { name: /right in both/ })).toBeVisible();
}

/** The card of an experiment in Curves, by its title. */
export const experiment = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true });

/** Curves' table of numbers. */
export const points = (page: Page) => page.getByRole('table', { name: 'Points in numbers' });

/** What Decide recommends. */
export const recommended = (page: Page) => page.getByRole('region', { name: 'What to take' });

/** Saves the recommended model, and gives the file's name and what is in it. */
export async function saveModel(page: Page): Promise<{ name: string; files: Record<string, Uint8Array> }> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the model' }).click();
  const saved = await download;
  await expect(recommended(page)).toContainText(/the same words for 8 of 8 texts, logits at most [\d.e-]+ apart/);
  return { name: saved.suggestedFilename(), files: unzipSync(readFileSync(await saved.path())) };
}

/** Waits until all views, what was asked, and the build of the runtime for a backend are kept for a visit without a network. */
export async function keptForOffline(page: Page, backend: 'wasm' | 'webgpu' = 'wasm'): Promise<void> {
  const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8')) as Record<string, { file: string }>;
  const scripts = Object.values(manifest).map(({ file }) => file);
  const wanted = [
    ...scripts.filter((file) => file.startsWith('assets/')),
    'suites/facts/suite.json',
    'models/bert-mini/card.json',
  ];
  await expect
    .poll(
      () =>
        page.evaluate(
          async ({ files, isGpu }) => {
            const name = (await caches.keys()).find((key) => key.startsWith('lossy-site-'));
            const kept = name === undefined ? [] : (await (await caches.open(name)).keys()).map(({ url }) => url);
            const missing = files.filter((file) => !kept.some((url) => url.endsWith(file)));
            const runtime = isGpu ? /threaded\.(jspi|asyncify)-[^.]*\.wasm$/ : /threaded-[^.]*\.wasm$/;
            return kept.some((url) => runtime.test(url)) ? missing : [...missing, 'the runtime'];
          },
          { files: wanted, isGpu: backend === 'webgpu' },
        ),
      { timeout: 90_000 },
    )
    .toEqual([]);
}

/** Nothing is wider than the window. */
export async function expectFits(page: Page): Promise<void> {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width, page.url()).toBeLessThanOrEqual(page.viewportSize()!.width);
}

/** On what the kept results were computed. */
export const backends = (page: Page) =>
  page.evaluate(async () => [
    ...new Set((await lossy.cache.list()).map(({ backend }) => backend.replace(/[ ,].*/, ''))),
  ]);
