import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import {
  complaints,
  downloads,
  finished,
  keptAnswers,
  labWorkers,
  smallFacts,
  smallSite,
  useSmallSuite,
} from './page.ts';
import { staticHost } from './static.ts';
import {
  backends,
  compared,
  dragTo,
  drawGuess,
  expectFits,
  experiment,
  keptForOffline,
  openedFact,
  openFact,
  phone,
  points,
  recommended,
  saveModel,
  sentence,
  sharedLink,
  showWhatHappened,
} from './stories.ts';

/** A dozen facts: the software adapter answers a few dozen a second. */
const size = { relations: 2, facts: 6, heldOut: 2, docs: 2 };
const [{ label: relation }] = smallFacts(size).relations;

/** Opens Explore, and waits until the sentence has numbers in the place of its invitation. */
async function arrive(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.getByText(/^A language model knows facts\. Move the slider/)).toBeVisible();
  await expect(sentence(page)).toHaveText(
    /^With 50 % of the weights removed .* the model knows [\d.]+\s% of the facts/,
    {
      timeout: 60_000,
    },
  );
}

test.describe('on the graphics processor @webgpu', () => {
  // One visitor's stories: what starts the lab, and what was computed, serves those that follow.
  test.describe.configure({ mode: 'serial' });

  let context: BrowserContext;
  let page: Page;
  let errors: string[];
  test.beforeAll(async ({ browser }) => {
    context = await browser.newContext();
    page = await context.newPage();
    errors = complaints(page);
    await useSmallSuite(page, size);
  });
  test.afterEach(async () => {
    expect(errors).toEqual([]);
    expect(await backends(page)).toEqual(['WebGPU']);
  });
  test.afterAll(() => context.close());

  const open = (view: string) =>
    page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view }).click();

  test('first visit: it moves, the sentence changes, the slider is dragged, a fact is opened', async () => {
    await arrive(page, './?backend=webgpu');
    await expect(page.getByText(/^WebGPU \(.*, checked against WebAssembly to /)).toBeVisible();
    await finished(page);
    const slider = page.getByRole('slider', { name: 'Weights removed' });
    await dragTo(page, slider, 1);
    await expect(slider).toHaveAttribute('aria-valuetext', '90 %');
    await expect(sentence(page)).toHaveText(/^With 90 % of the weights removed/);
    await dragTo(page, slider, 2 / 9);
    await expect(sentence(page)).toHaveText(/^With 20 % of the weights removed/);
    await openFact(page, relation);
    expect(await page.evaluate(() => lossy.backend())).toMatchObject({ backend: 'webgpu' });
  });

  test('share link: a fresh profile shows the same numbers without computing or downloading', async ({ browser }) => {
    const link = await sharedLink(page);
    const other = await (await browser.newContext()).newPage();
    const [fetched, says] = [downloads(other), complaints(other)];
    await useSmallSuite(other, size);
    await other.goto(link.replace('#', '?backend=webgpu#'));
    await expect(other.getByText('These results are from the link')).toBeVisible();
    await expect(sentence(other)).toHaveText((await sentence(page).textContent())!);
    expect([fetched, labWorkers(other), await keptAnswers(other)]).toEqual([[], [], 0]);
    expect(says).toEqual([]);
    await other.context().close();
  });

  test('draw your guess: with the pointer, and see what happened', async () => {
    await open('Classroom');
    await drawGuess(page);
    await finished(page);
    await showWhatHappened(page);
  });

  test('compare: two recipes, fact by fact', async () => {
    await open('Compare');
    await compared(page);
    await page.getByRole('button', { name: 'Remove or round?' }).click();
    await expect(page).toHaveURL(/b=rtn,overall,5/);
    await compared(page);
  });

  test('a preset: an experiment of the paper, computed and said in a sentence', async () => {
    await open('Curves');
    await page.getByRole('button', { name: /^Eight bits, by layers/ }).click();
    const about = experiment(page, 'Eight bits, by layers');
    await expect(about).toContainText(/Nothing yet: \d of the numbers/);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await finished(page);
    await expect(about).toContainText(/At 8 bits.*n = \d+.*The paper found/s);
    // Four lines, each uncompressed and rounded.
    await expect(points(page)).toHaveAttribute('aria-rowcount', '9');
  });

  test('decide and export: limits lead to a recipe, and the model arrives', async () => {
    await open('Decide');
    await page.getByRole('button', { name: /^Compute samples of \d+ usual recipes/ }).click();
    await finished(page);
    await expect(recommended(page)).toContainText(/Take /);
    const { name, files } = await saveModel(page);
    expect(name).toMatch(/^lossy-bert-mini-.*\.zip$/);
    expect(Object.keys(files)).toContain('model.onnx');
  });
});

test.describe('after the first visit @webgpu', () => {
  test.use({ serviceWorkers: 'allow' });

  test('the lab opens and computes without a network', async ({ page }) => {
    const { suites, scripts, rewrite } = smallSite(size);
    const host = await staticHost((path, text) =>
      suites.has(path) ? JSON.stringify(suites.get(path)) : scripts.includes(path) ? rewrite(text()) : null,
    );
    const address = `${host.url}?backend=webgpu`;
    await page.goto(address);
    const says = complaints(page);
    await expect(page.getByText(/^P@1, n = /).first()).toBeVisible({ timeout: 90_000 });
    await keptForOffline(page, 'webgpu');
    await host.close();
    await page.goto('about:blank');
    await page.goto(address);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await expect(sentence(page)).toBeVisible();
    // What was never asked before is computed: the runtime and the model are there without a network.
    const before = await keptAnswers(page);
    await page.getByRole('radiogroup', { name: 'Asked' }).getByText('in other words').click();
    await expect.poll(() => keptAnswers(page), { timeout: 60_000 }).toBeGreaterThan(before);
    expect((await page.evaluate(() => lossy.backend())).computed).toBeGreaterThan(0);
    expect(await backends(page)).toEqual(['WebGPU']);
    expect(says).toEqual([]);
  });
});

test.describe('on a phone', () => {
  test.use(phone);

  for (const [title, address] of [
    ['', './'],
    [' @webgpu', './?backend=webgpu'],
  ])
    test(`first visit, the slider by touch, a fact, a link${title}`, async ({ page, browser }) => {
      const errors = complaints(page);
      await useSmallSuite(page, size);
      await arrive(page, address);
      await finished(page);
      await expectFits(page);
      const slider = page.getByRole('slider', { name: 'Weights removed' });
      const track = (await slider.locator('..').boundingBox())!;
      await page.touchscreen.tap(track.x + track.width, track.y + track.height / 2);
      await expect(sentence(page)).toHaveText(/^With 90 % of the weights removed/);
      // A dot of the map: of the first relation, the first fact.
      await page
        .locator('canvas')
        .first()
        .tap({ position: { x: 5, y: 5 } });
      await openedFact(page);
      await expectFits(page);
      const link = await sharedLink(page, (target) => target.tap());
      await expectFits(page);
      const other = await (await browser.newContext(phone)).newPage();
      const fetched = downloads(other);
      await useSmallSuite(other, size);
      await other.goto(link);
      await expect(sentence(other)).toHaveText((await sentence(page).textContent())!);
      await expectFits(other);
      expect(fetched).toEqual([]);
      expect(await backends(page)).toEqual([title ? 'WebGPU' : 'WebAssembly']);
      expect(errors).toEqual([]);
      await other.context().close();
    });
});
