// npm run screenshots [-- --out FOLDER --views explore,curves]: every view in three sizes and two colour schemes, in a real
// browser, with results that are computed for it. All of them go to test-results/screenshots, those that the README shows
// to docs/screenshots, too.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBrowser, ensureBuild, ensurePackages, findBrowser, root, say } from './setup.mjs';

const { values: options } = parseArgs({
  options: { out: { type: 'string', default: 'test-results/screenshots' }, views: { type: 'string' } },
});
ensurePackages();
await ensureBrowser();
ensureBuild();
const { preview } = await import('vite');
const { chromium } = await import('@playwright/test');

const sizes = /** @type {const} */ ({ laptop: [1440, 900], projector: [1024, 768], phone: [390, 844] });
const schemes = /** @type {const} */ (['light', 'dark']);
/** Views by their addresses; the rest of an address is what is worth seeing there. */
const views = {
  explore: '',
  curves: '#view=curves&preset=pruning-layers',
  families: '#view=families',
  compare: '#view=compare',
  layers: '#view=layers',
  decide: '#view=decide',
  classroom: '#view=classroom',
  library: '#view=library',
};
const shown = new Set([
  'explore-laptop-light',
  'compare-laptop-dark',
  'classroom-projector-light',
  'explore-phone-light',
]);
const patience = 45_000;

const out = join(root, options.out);
const docs = join(root, 'docs/screenshots');
mkdirSync(out, { recursive: true });
mkdirSync(docs, { recursive: true });
const server = await preview({ root, logLevel: 'error', preview: { port: 0 } });
const address = server.resolvedUrls?.local[0] ?? '';
const browser = await chromium.launch({
  executablePath: (await findBrowser())?.executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-software-rasterizer'],
});
// One context: what one view computes, the others find. Without the service worker, which would keep an older build.
const context = await browser.newContext({ deviceScaleFactor: 1, serviceWorkers: 'block' });
const wanted = options.views?.split(',') ?? Object.keys(views);
for (const [view, fragment] of Object.entries(views)) {
  if (!wanted.includes(view)) continue;
  const page = await context.newPage();
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${address}${fragment}`);
  await page.getByRole('heading', { level: 2 }).first().waitFor({ timeout: 60_000 });
  const run = page.getByRole('button', { name: 'Run', exact: true });
  await page.waitForTimeout(2000);
  if (await run.isVisible()) await run.click();
  // As far as it gets in the time that a look is worth: pages are photographed as they are.
  await page
    .getByText(/^(All [\d,]+ answers are there\.|Refining)/)
    .first()
    .waitFor({ timeout: patience })
    .catch(() => say(`${view}: photographed before all answers were there`));
  for (const [size, [width, height]] of Object.entries(sizes))
    for (const colorScheme of schemes) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.waitForTimeout(800);
      await page.evaluate(() => scrollTo(0, 0));
      const name = `${view}-${size}-${colorScheme}`;
      await page.screenshot({ path: join(out, `${name}.png`) });
      await page.screenshot({ path: join(out, `${name}-full.png`), fullPage: true });
      if (shown.has(name)) copyFileSync(join(out, `${name}.png`), join(docs, `${name}.png`));
    }
  say(`${view}: done`);
  await page.close();
}
await browser.close();
await server.close();
say(`Written to ${options.out}; those of the README to docs/screenshots.`);
process.exit(0);
