import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Nothing that a screen reader, a keyboard or weak eyes would seriously stumble over, in light colours and in dark ones. */
export async function expectAccessible(page: Page): Promise<void> {
  // One call of axe sees the main frame alone.
  expect(page.frames()).toHaveLength(1);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
    // Colours that are on their way from one scheme to the other are not the page's. They set out with the next frame.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await page.waitForFunction(() => !document.getAnimations().some((running) => running instanceof CSSTransition));
    // Without legacy mode every look opens another page, only to put the frames' results together.
    const { violations } = await new AxeBuilder({ page })
      .setLegacyMode()
      .options({ resultTypes: ['violations'] })
      .analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    const told = serious.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(' | ')}`,
    );
    expect(told, `${colorScheme} colours`).toEqual([]);
  }
}
