import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { complaints, downloads, keptAnswers, keptFrom, labWorkers, useSmallSuite } from './page.ts';
import { drawGuess, showWhatHappened, verdict } from './stories.ts';

/** Each level's sample is the whole suite, and takes a moment. */
const size = { relations: 4, facts: 12, heldOut: 2, docs: 5 };

const computed = (page: Page) =>
  page.getByText(/^All [\d,]+ answers are there\.$/).waitFor({ state: 'attached', timeout: 120_000 });

test('a class draws its guess with the pointer, sees what happened, and passes it on', async ({ page, browser }) => {
  const errors = complaints(page);
  const fetched = downloads(page);
  await useSmallSuite(page, size);
  await page.goto('./#view=classroom');
  await expect(page.getByRole('heading', { name: 'Draw your guess' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Show what happened' })).toBeDisabled();
  await drawGuess(page);

  await computed(page);
  const figures = await showWhatHappened(page);
  // Nothing but the smallest model.
  expect(fetched).toHaveLength(1);
  expect(fetched[0]).toContain('bert-mini');

  await page.getByRole('button', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('img', { name: 'QR code of the link' })).toBeVisible();
  await expect(dialog).toContainText('The code holds the same link');
  const link = await dialog.getByLabel('Link', { exact: true }).inputValue();
  expect(link.length).toBeLessThanOrEqual(1500);
  expect(errors).toEqual([]);

  // Somebody else sees the same, and neither computes nor downloads a model.
  const other = await (await browser.newContext({ serviceWorkers: 'block' })).newPage();
  const theirs = downloads(other);
  await useSmallSuite(other, size);
  await other.goto(link);
  await expect(verdict(other)).toHaveText((await verdict(page).textContent()) ?? '');
  await other.getByText('As a table').click();
  expect(await other.getByRole('table').textContent()).toBe(figures);
  await expect(other.getByText(/^These numbers came with the link/)).toBeVisible();
  for (const part of ['Knowing', 'Pruning', 'Small losses', 'Rare facts', 'Rounding', 'Same, different']) {
    await other.getByRole('button', { name: part }).click();
    await expect(other.getByText('The link did not bring the numbers for this part.')).toHaveCount(0);
  }
  expect(theirs).toEqual([]);
  expect(labWorkers(other)).toEqual([]);
  expect(await keptAnswers(other)).toBe(0);
  await other.context().close();
});

test.describe('when everything was computed on an earlier visit', () => {
  const visit = async (page: Page) => {
    await page.goto('./#view=classroom');
    await computed(page);
  };
  test.use({ storageState: keptFrom(visit, size) });

  test('the keyboard alone draws, leads through the story, presents and comes back', async ({ page }) => {
    const errors = complaints(page);
    await useSmallSuite(page, size);
    await page.goto('./#view=classroom');
    const slider = (level: string) =>
      page.getByRole('slider', { name: `Your guess with ${level} of the weights removed` });
    await slider('10 %').focus();
    await page.keyboard.press('End');
    await expect(slider('10 %')).toHaveAttribute('aria-valuetext', '100 % of the facts right');
    for (const level of ['20 %', '30 %', '40 %', '50 %', '60 %', '70 %', '80 %', '90 %']) {
      await page.keyboard.press('Tab');
      await expect(slider(level)).toBeFocused();
      // From where the level before it stands.
      await page.keyboard.press('ArrowDown');
    }
    await expect(slider('90 %')).toHaveAttribute('aria-valuenow', '60');
    await computed(page);
    await page.getByRole('button', { name: 'Show what happened' }).focus();
    await page.keyboard.press('Enter');
    await expect(verdict(page)).toBeVisible();

    const parts = [
      ['1. What a model knows', /^Of \d+ facts it was asked, it puts the right word first in \d+/],
      ['2. What pruning is', /^The whole model takes [\d.]+\sMB; with 50 % of its weights removed it takes [\d.]+\sMB/],
      ['3. At first, little is lost', /^(Up to \d0 % removed|Even the mildest level)/],
      [
        '4. Which facts go first',
        /^With 50 % of the weights removed\. Of the rarest .* percentage points \(95 % interval/,
      ],
      ['5. Rounding the weights', /^With \d bits? a weight, [\d.]+\s% of \d+ facts are right/],
      ['6. Same accuracy, different facts', /^Pruned \(\d0 % removed\): [\d.]+\s% right\. Rounded/],
    ] as const;
    for (const [title, sentence] of parts) {
      await page.keyboard.press('ArrowRight');
      await expect(page.getByRole('heading', { name: title })).toBeVisible();
      await expect(page.getByText(sentence)).toBeVisible();
    }
    await expect(page).toHaveURL(/screen=same/);
    await page.goBack();
    await expect(page.getByRole('heading', { name: '5. Rounding the weights' })).toBeVisible();

    await page.getByRole('button', { name: 'Present', exact: true }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: 'Classroom' })).toBeVisible();
    await expect(page.getByText('Part 6 of 7')).toBeVisible();
    await page.keyboard.press('?');
    await expect(page.getByText('these keys')).toBeVisible();
    await page.keyboard.press('?');
    await expect(page.getByText('these keys')).toHaveCount(0);
    await page.getByRole('heading', { name: '5. Rounding the weights' }).evaluate(() => {
      (document.activeElement as HTMLElement | null)?.blur();
    });
    await page.keyboard.press('Space');
    await expect(page.getByText('Part 7 of 7')).toBeVisible();
    await page.keyboard.press('ArrowLeft');
    await expect(page.getByText('Part 6 of 7')).toBeVisible();
    await expect(page).toHaveURL(/present=1/);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    expect(errors).toEqual([]);
  });

  test('nothing stands in the way of weak eyes or a screen reader, and a figure can be taken away', async ({
    page,
  }) => {
    await useSmallSuite(page, size);
    await page.goto('./#view=classroom&v=2&guess=95,90,85,70,50,30,20,10,5&shown=1');
    await computed(page);
    await expectAccessible(page);
    for (const part of ['Knowing', 'Rare facts', 'Same, different']) {
      await page.getByRole('button', { name: part }).click();
      await expectAccessible(page);
    }
    await page.getByRole('button', { name: 'Save or cite this chart' }).click();
    const saving = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Picture (PNG)' }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe('lossy-6.-same-accuracy-different-facts.png');
    expect(
      readFileSync(await saved.path())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    await page.getByRole('button', { name: 'Present', exact: true }).click();
    await expectAccessible(page);
  });

  test('every part fits on a projector, large and small', async ({ page }) => {
    await useSmallSuite(page, size);
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.goto('./#view=classroom&v=2&guess=95,90,85,70,50,30,20,10,5&shown=1&present=1');
    const stage = page.getByRole('dialog', { name: 'Classroom' });
    for (let part = 1; part <= 7; part++) {
      await expect(stage.getByText(`Part ${part} of 7`)).toBeVisible();
      for (const [width, height] of [
        [1920, 1080],
        [1280, 720],
      ]) {
        await page.setViewportSize({ width, height });
        // All of it is in sight, and no text of a figure is cut off.
        await expect
          .poll(() =>
            stage.evaluate((element) => {
              const cut = [...element.querySelectorAll('svg[aria-label] text')].filter((text) => {
                const [inner, outer] = [text, text.closest('svg')!].map((one) => one.getBoundingClientRect());
                return inner.left < outer.left || inner.right > outer.right || inner.bottom > outer.bottom;
              });
              return [element.scrollHeight - element.clientHeight, cut.map(({ textContent }) => textContent)];
            }),
          )
          .toEqual([0, []]);
      }
      await page.keyboard.press('ArrowRight');
    }
  });
});

test('the part about frequencies asks as many facts as it needs, of two models alone', async ({ page }) => {
  await useSmallSuite(page, { relations: 20, facts: 50, heldOut: 0, docs: 5 });
  await page.goto('./#view=classroom&v=2&screen=know');
  const asked = () =>
    page.evaluate(async () => (await lossy.cache.list()).map((entry) => entry.asked).sort((a, b) => b - a));
  await computed(page);
  expect(new Set(await asked())).toEqual(new Set([192]));
  await page.getByRole('button', { name: 'Rare facts' }).click();
  await expect.poll(asked, { timeout: 60_000 }).toEqual([704, 704, ...(await asked()).slice(2)]);
  expect((await asked())[2]).toBe(192);
  const figure = page.getByRole('img', { name: '4. Which facts go first' });
  const n = await figure.getByText(/n = \d+/).allTextContents();
  const known = n.reduce((sum, text) => sum + Number(/n = (\d+)/.exec(text)?.[1]), 0);
  expect(known).toBeGreaterThan(600);
  await expect(page.getByRole('button', { name: /more facts of both models/ })).toHaveCount(0);
});

test('a damaged link is told, and the lesson begins at its first part', async ({ page }) => {
  await useSmallSuite(page, size);
  await page.goto('./#view=classroom&v=2&screen=party');
  await expect(page.getByRole('status').filter({ hasText: 'The link cannot be read' })).toContainText('screen');
  await expect(page.getByRole('heading', { name: 'Draw your guess' })).toBeVisible();
});
