import { expect, type Page, test } from '@playwright/test';
import { complaints, finished, keptAnswers, sharedPage, useSmallSuite } from './page.ts';

/** A few questions: what is compressed how counts here, not what is known. */
const size = { relations: 3, facts: 12, heldOut: 2, docs: 3 };

const recipe = (page: Page) => page.getByRole('region', { name: 'How it is compressed' });
const steps = (page: Page) => recipe(page).getByRole('listitem');
/** The button that opens and closes a step: it says in words what the step does. */
const summary = (page: Page, number: number) =>
  recipe(page).getByRole('button', { name: new RegExp(`^Step ${number}: `) });
const picker = (page: Page) => recipe(page).getByRole('button', { name: /^Method: / });
const said = (page: Page) => recipe(page).getByRole('status');

/** Opens the list of methods with the keyboard, searches, and takes the first that is found. */
async function pick(page: Page, search: string): Promise<void> {
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'Search methods' })).toBeFocused();
  await page.keyboard.type(search);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('listbox', { name: 'Methods' })).toBeHidden();
}

test.describe('in Explore', () => {
  let page: Page;
  test.beforeAll(async ({ browser }) => {
    page = await sharedPage(browser, size);
  });
  test.afterAll(() => page.context().close());

  /** Opens the recipe of a first visit, with its curve. */
  async function open(): Promise<void> {
    await page.goto('./#view=explore&v=2&steps=magnitude-global,overall,5');
    await expect(page.getByRole('slider')).toHaveAttribute('aria-valuetext', '50 %');
    await finished(page);
  }

  test('methods are found and picked with the keyboard alone', async () => {
    const errors = complaints(page);
    await open();
    await picker(page).focus();

    // All of them under their headings; Escape leaves everything as it was.
    await page.keyboard.press('Enter');
    const list = page.getByRole('listbox', { name: 'Methods' });
    await expect(list.getByText(/^Remove single weights/)).toBeVisible();
    expect(await list.getByRole('option').count()).toBeGreaterThan(4);
    await page.keyboard.type('there is no such thing');
    await expect(list.getByText('No method has these words.')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(list).toBeHidden();
    await expect(picker(page)).toBeFocused();
    await expect(picker(page)).toHaveAccessibleName(/one limit for all layers/);

    // The slider stays at the same share where both methods have one, and the new curve is asked.
    await pick(page, 'wanda');
    await expect(picker(page)).toBeFocused();
    await expect(page.getByText(/^With 50 % of the weights removed \(Wanda/)).toBeVisible({ timeout: 60_000 });
    await expect(recipe(page).getByText('Calibration: what it measures first')).toBeVisible();
    await pick(page, 'rtn');
    await expect(page.getByRole('slider', { name: 'Bits per weight' })).toHaveAttribute('aria-valuetext', '4 bits');
    await expect(page.getByText(/^With 4-bit rounding/)).toBeVisible({ timeout: 60_000 });
    await expect(page).toHaveURL(/steps=rtn,/);
    expect(errors).toEqual([]);
  });

  test('steps are added, moved, copied and removed; the focus stays with them, and it is said', async () => {
    await open();
    const add = recipe(page).getByRole('button', { name: 'Add a step' });
    await add.focus();
    await pick(page, 'rtn');
    await expect(summary(page, 2)).toBeFocused();
    await expect(said(page)).toHaveText(/: added as step 2 of 2\.$/);
    await expect(summary(page, 1)).toHaveAccessibleName(/50 % of the weights removed/);
    await expect(summary(page, 2)).toHaveAccessibleName(/4-bit rounding/);
    await expect(page.getByText(/weights removed .*, then 4-bit rounding/).first()).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('slider')).toHaveCount(2);

    // Up: the button cannot go further, so the other one has the focus.
    await page.keyboard.press('Tab');
    await expect(recipe(page).getByRole('button', { name: 'Move step 2 up' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(summary(page, 1)).toHaveAccessibleName(/4-bit rounding/);
    await expect(said(page)).toHaveText(/: now step 1 of 2\.$/);
    await expect(recipe(page).getByRole('button', { name: 'Move step 1 down' })).toBeFocused();
    await expect(page.getByText(/-bit rounding .*, then 50 % of the weights removed/).first()).toBeVisible({
      timeout: 60_000,
    });

    await recipe(page).getByRole('button', { name: 'Copy step 2' }).click();
    await expect(steps(page)).toHaveCount(3);
    await expect(summary(page, 3)).toBeFocused();
    await recipe(page).getByRole('button', { name: 'Remove step 1' }).click();
    await expect(steps(page)).toHaveCount(2);
    await expect(summary(page, 1)).toBeFocused();
    await expect(said(page)).toHaveText(/was removed\. 2 steps are left\.$/);

    // The address brings all of it back.
    await expect(page).toHaveURL(/steps=magnitude-global,.*;magnitude-global,/);
    const words = await summary(page, 2).textContent();
    await page.reload();
    await expect(steps(page)).toHaveCount(2);
    await expect(summary(page, 2)).toHaveText(words ?? '');
  });

  test('what is not possible is said at its field, and what worked last stays in effect', async () => {
    await page.goto(`./#steps=${encodeURIComponent(JSON.stringify([{ method: 'rtn', level: 5 }]))}`);
    await finished(page);
    const answers = await keptAnswers(page);
    const bits = recipe(page).getByRole('textbox', { name: 'Bits per weight' });
    await bits.fill('9');
    await expect(recipe(page).getByRole('alert')).toHaveText('Allowed is a whole number from 2 to 8.');
    await expect(bits).toHaveAttribute('aria-invalid', 'true');
    await bits.fill('');
    await expect(recipe(page).getByRole('alert')).toHaveText('Allowed is a whole number from 2 to 8.');
    await bits.blur();
    await expect(page.getByText(/^With 4-bit rounding/)).toBeVisible();
    await recipe(page).getByRole('button', { name: 'Take it back' }).click();
    await expect(recipe(page).getByRole('alert')).toHaveCount(0);
    await expect(bits).toHaveValue('4');

    // Shapes of the model: every row has 128 inputs or a multiple of it.
    await recipe(page).getByRole('combobox', { name: 'One scale for' }).click();
    await page.getByRole('option', { name: /^each group/ }).click();
    await expect(page.getByText(/^With 4-bit rounding \(per group of 64 inputs/)).toBeVisible({ timeout: 60_000 });
    await finished(page);
    const before = await keptAnswers(page);
    expect(before).toBeGreaterThan(answers);
    const inputs = recipe(page).getByRole('textbox', { name: 'Inputs in a group' });
    await inputs.fill('48');
    await expect(recipe(page).getByRole('alert')).toHaveText(/^Groups of 48 do not fill the \d+ inputs of encoder\.0/);
    await inputs.blur();
    await page.waitForTimeout(1500);
    expect(await keptAnswers(page)).toBe(before);
    await expect(page.getByText(/^With 4-bit rounding \(per group of 64 inputs/)).toBeVisible();
    await inputs.fill('32');
    await expect(recipe(page).getByRole('alert')).toHaveCount(0);
    await expect(page.getByText(/^With 4-bit rounding \(per group of 32 inputs/)).toBeVisible({ timeout: 60_000 });
  });

  test('an exact value is a stop of the slider, and two numbers that do not go together are refused', async () => {
    await open();
    const slider = page.getByRole('slider');
    await recipe(page).getByRole('textbox', { name: 'Weights removed' }).fill('0.55');
    await expect(slider).toHaveAttribute('aria-valuetext', '55 %');
    await expect(page.getByText(/^With 55 % of the weights removed/)).toBeVisible({ timeout: 60_000 });
    await page.reload();
    await expect(slider).toHaveAttribute('aria-valuetext', '55 %');
    await slider.press('ArrowLeft');
    await expect(slider).toHaveAttribute('aria-valuetext', '50 %');
    await slider.press('ArrowRight');
    await expect(slider).toHaveAttribute('aria-valuetext', '55 %');

    await picker(page).focus();
    await pick(page, 'n:m magnitude');
    const n = recipe(page).getByRole('textbox', { name: 'Weights kept' });
    await n.fill('5');
    await expect(recipe(page).getByRole('alert')).toHaveText('Allowed is a whole number from 1 to m, the group size.');
    await recipe(page).getByRole('textbox', { name: 'Group size' }).fill('8');
    await expect(recipe(page).getByRole('alert')).toHaveCount(0);
    await expect(slider).toHaveAttribute('aria-valuetext', '5 of 8');
  });

  test('sizes in every layout stand under the numbers', async () => {
    await open();
    await page.getByText('Size in every layout').click();
    await expect(page.getByRole('row', { name: /^Marks and what is left \(bitmap\)/ })).toContainText(/MB/);
  });
});

test('a link whose recipe does not fit the model starts nothing, and says where', async ({ page }) => {
  await useSmallSuite(page, size);
  const step = { method: 'rtn', level: 5, params: { granularity: 'group-48' } };
  await page.goto(`./#steps=${encodeURIComponent(JSON.stringify([step]))}`);
  await expect(page.getByText('This recipe is not possible')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/^Step 1 \(Round weights to few bits\): Groups of 48 do not fill/)).toBeVisible();
  await expect(recipe(page).getByRole('alert')).toHaveText(/^Groups of 48 do not fill/);
  await page.waitForTimeout(1000);
  expect(await keptAnswers(page)).toBe(0);
  // Corrected, it runs.
  await recipe(page).getByRole('textbox', { name: 'Inputs in a group' }).fill('64');
  await expect(page.getByText(/^With 4-bit rounding \(per group of 64 inputs/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('This recipe is not possible')).toHaveCount(0);
});

test('the families’ view compresses with the same fields', async ({ page }) => {
  await useSmallSuite(page, size);
  await page.goto('./#view=families');
  await page.getByRole('button', { name: 'Stop' }).click();
  const fields = page.getByRole('region', { name: 'How all are compressed' });
  await fields.getByRole('button', { name: /^Method: / }).focus();
  await pick(page, 'rtn');
  await expect(page.getByRole('slider', { name: 'Bits per weight' })).toHaveAttribute('aria-valuetext', '4 bits');
  await fields.getByRole('textbox', { name: 'Bits per weight' }).fill('1');
  await expect(fields.getByRole('alert')).toHaveText('Allowed is a whole number from 2 to 8.');
  await fields.getByRole('textbox', { name: 'Bits per weight' }).fill('3');
  await expect(page.getByRole('slider', { name: 'Bits per weight' })).toHaveAttribute('aria-valuetext', '3 bits');
  await expect(page).toHaveURL(/view=families.*steps=rtn,overall,6/);
});

test('the list and its fields fit a phone', async ({ page }) => {
  await useSmallSuite(page, size);
  await page.setViewportSize({ width: 360, height: 740 });
  const long = [
    { method: 'magnitude-global', level: 5 },
    { method: 'rtn', level: 5 },
    { method: 'wanda', level: 2 },
  ];
  await page.goto(`./#steps=${encodeURIComponent(JSON.stringify(long))}`);
  await expect(steps(page)).toHaveCount(3);
  await summary(page, 3).click();
  await recipe(page).getByText('Calibration: what it measures first').click();
  await picker(page).last().click();
  await expect(page.getByRole('listbox', { name: 'Methods' })).toBeInViewport();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});
