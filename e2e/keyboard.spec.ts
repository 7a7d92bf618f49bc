import { expect, type Page, test } from '@playwright/test';
import { viewIds } from '../src/app/view-list.ts';
import { complaints, useSmallSuite } from './page.ts';

const little = { relations: 3, facts: 8, heldOut: 2, docs: 4 };

/** More presses than any view has places. */
const most = 400;

/** Marks the element that has the focus, and tells what it is and whether anything around it shows that it has it. */
const markFocused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement || element instanceof SVGElement) || element === document.body) return null;
    const name = `${element.tagName} ${element.getAttribute('role') ?? ''} ${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40)}`;
    const isFirst = element.hasAttribute('data-first');
    if (!document.querySelector('[data-first]')) element.setAttribute('data-first', '');
    element.setAttribute('data-reached', '');
    const around = [element, ...element.querySelectorAll('*'), ...(element.parentElement?.children ?? [])];
    const look = () =>
      [...around, element.parentElement!]
        .map((each) => {
          const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor, stroke, strokeWidth } =
            getComputedStyle(each);
          return [
            outlineStyle !== 'none' && outlineWidth,
            boxShadow,
            borderColor,
            backgroundColor,
            stroke,
            strokeWidth,
          ];
        })
        .join();
    const focused = look();
    element.blur();
    const isShown = look() !== focused;
    return { name, isFirst, isShown };
  });

/** What can be operated and is in sight, but was not reached. Of a group of radio buttons the keys choose. */
const notReached = (page: Page) =>
  page.evaluate(() => {
    const operable = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
    return [...document.querySelectorAll<HTMLElement>(operable)]
      .filter((element) => {
        const isRadio = element instanceof HTMLInputElement && element.type === 'radio' && !element.checked;
        const isOff = element.matches(
          ':disabled, [type="hidden"], [type="file"], [tabindex="-1"], [aria-hidden="true"] *',
        );
        return !isRadio && !isOff && element.checkVisibility({ visibilityProperty: true });
      })
      .filter((element) => !element.hasAttribute('data-reached'))
      .map((element) => element.outerHTML.slice(0, 160));
  });

for (const view of viewIds)
  test(`${view}: Tab leads to everything that can be operated, shows where it is, and out again`, async ({ page }) => {
    const errors = complaints(page);
    await useSmallSuite(page, little);
    await page.goto(`./#view=${view}`);
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
    // Parts are drawn one after the other.
    await expect(page.locator('.mantine-Skeleton-root[data-animate]')).toHaveCount(0);
    await page.evaluate(() => lossy.cancel());
    await page.addStyleTag({ content: '*, ::before, ::after { transition: none !important }' });
    const unseen = new Set<string>();
    /** Once through the page. @returns how many presses it took */
    const tabThrough = async () => {
      for (let presses = 0; presses < most; presses++) {
        await page.keyboard.press('Tab');
        const focused = await markFocused(page);
        // Behind the last one the browser's own controls come, or it begins anew.
        if (!focused || (focused.isFirst && presses > 0)) return presses;
        if (!focused.isShown) unseen.add(focused.name);
      }
      return most;
    };
    // Results may come while the page is walked through: what came late is reached the next time.
    await expect(async () => {
      const presses = await tabThrough();
      expect(presses).toBeGreaterThan(12);
      expect(presses).toBeLessThan(most);
      expect(await notReached(page)).toEqual([]);
    }).toPass({ timeout: 120_000 });
    expect([...unseen]).toEqual([]);
    expect(errors).toEqual([]);
  });
