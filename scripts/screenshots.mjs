// npm run screenshots [-- --out docs/screenshots]: the page in a real browser, when its results are there: Explore wide,
// dark and on a phone, and the families' view. Whole pages go beside them with --full.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBrowser, ensureBuild, ensurePackages, findBrowser, root, say } from './setup.mjs';

const { values: options } = parseArgs({
  options: { out: { type: 'string', default: 'docs/screenshots' }, full: { type: 'boolean', default: false } },
});
ensurePackages();
await ensureBrowser();
ensureBuild();
const { preview } = await import('vite');
const { chromium } = await import('@playwright/test');

const views = /** @type {const} */ ([
  { name: 'wide', view: '', width: 1440, height: 900, colorScheme: 'light' },
  { name: 'dark', view: '', width: 1440, height: 900, colorScheme: 'dark' },
  { name: 'phone', view: '', width: 390, height: 844, colorScheme: 'light' },
  { name: 'families', view: '#view=families', width: 1440, height: 1000, colorScheme: 'light' },
  { name: 'families-dark', view: '#view=families', width: 1440, height: 1000, colorScheme: 'dark' },
  { name: 'families-phone', view: '#view=families', width: 390, height: 844, colorScheme: 'light' },
]);

const out = join(root, options.out);
mkdirSync(out, { recursive: true });
const server = await preview({ root, logLevel: 'error', preview: { port: 0 } });
const address = server.resolvedUrls?.local[0] ?? '';
const browser = await chromium.launch({
  executablePath: (await findBrowser())?.executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-software-rasterizer'],
});
// One context: what the first view computes, the others find.
const context = await browser.newContext({ deviceScaleFactor: 1 });
for (const { name, view, width, height, colorScheme } of views) {
  const page = await context.newPage();
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme });
  await page.goto(`${address}${view}`);
  say(`${name}: waiting for the results`);
  // Three models take an hour to their end: their samples and two minutes more show what there is to see.
  const isThere = view === '' ? /^All [\d,]+ answers are there\.$/ : /^(Refining|All)/;
  await page.getByText(isThere).waitFor({ timeout: 900_000 });
  if (name === 'families') await page.waitForTimeout(120_000);
  await page.getByRole('slider').press('ArrowRight');
  await page.waitForTimeout(1500);
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(out, `${name}.png`) });
  if (options.full) await page.screenshot({ path: join(out, `${name}-full.png`), fullPage: true });
  await page.close();
}
await browser.close();
await server.close();
say(`Written to ${options.out}.`);
process.exit(0);
