import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { defaultModel, finished, keptAnswers, useSmallSuite } from './page.ts';

const folder = `public/models/${defaultModel}`;

/** How long a fault may take to show where other programs compute beside the test. */
const soon = { timeout: 30_000 };

/** Serves another file of the model, with a card that fits it: damage that happened before the card was made. */
async function serveInstead(page: Page, name: string, body: Buffer): Promise<void> {
  const card = JSON.parse(readFileSync(`${folder}/card.json`, 'utf8')) as { files: { name: string }[] };
  const sha256 = createHash('sha256').update(body).digest('hex');
  const files = card.files.map((file) => (file.name === name ? { ...file, bytes: body.length, sha256 } : file));
  await page.route(`**/${defaultModel}/card.json`, (route) => route.fulfill({ json: { ...card, files } }));
  await page.route(`**/${defaultModel}/${name}`, (route) =>
    route.fulfill({ body, contentType: 'application/octet-stream' }),
  );
}

const usable = async (page: Page) => {
  await expect(page.getByRole('slider').first()).toBeEnabled();
  await expect(page.getByRole('heading', { name: 'Lossy' })).toBeVisible();
};

const model = () => readFileSync(`${folder}/model.onnx`);

test('a truncated model is named, and the page stays usable', async ({ page }) => {
  await serveInstead(page, 'model.onnx', model().subarray(0, model().length / 2));
  await page.goto('./');
  await expect(page.getByRole('alert')).toContainText(
    /This model cannot be used.*cannot be read as ONNX.*downloaded completely/s,
    soon,
  );
  await usable(page);
});

test('a file that is no ONNX is named', async ({ page }) => {
  await serveInstead(page, 'model.onnx', Buffer.from('<!doctype html><title>Not found</title>'));
  await page.goto('./');
  await expect(page.getByRole('alert')).toContainText(/This model cannot be used/, soon);
  await usable(page);
});

test('bytes other than the card promises are refused, and trying again helps', async ({ page }) => {
  await useSmallSuite(page);
  let isWrong = true;
  await page.route(`**/${defaultModel}/model.onnx`, (route) => {
    if (!isWrong) return route.continue();
    const body = model();
    body[body.length >> 1] ^= 255;
    return route.fulfill({ body, contentType: 'application/octet-stream' });
  });
  await page.goto('./');
  await expect(page.getByRole('alert')).toContainText('The download failed', soon);
  isWrong = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText(/the model knows/)).toBeVisible({ timeout: 60_000 });
});

test('a tokenizer of another model is named', async ({ page }) => {
  const tokenizer = JSON.parse(readFileSync(`${folder}/tokenizer.json`, 'utf8'));
  const words = Object.entries<number>(tokenizer.model.vocab);
  tokenizer.model.vocab = Object.fromEntries(words.filter(([, number]) => number < words.length / 2));
  await serveInstead(page, 'tokenizer.json', Buffer.from(JSON.stringify(tokenizer)));
  await page.goto('./');
  await expect(page.getByRole('alert')).toContainText(
    /The tokenizer does not fit.*The tokenizer has [\d]+ words.*the model knows [\d]+/s,
    soon,
  );
  await usable(page);
});

test('facts with a missing field are named with their place', async ({ page }) => {
  const suite = JSON.parse(readFileSync('public/suites/facts/suite.json', 'utf8'));
  suite.relations[2].facts[7] = ['a subject without an object'];
  await page.route('**/suites/facts/suite.json', (route) => route.fulfill({ json: suite }));
  await page.goto('./');
  await expect(page.getByRole('alert')).toContainText(/These facts cannot be used.*relations\.2\.facts\.7/s, soon);
  await usable(page);
});

test('an impossible recipe is refused by the API with what is allowed', async ({ page }) => {
  await useSmallSuite(page);
  await page.goto('./');
  const messages = await page.evaluate(() =>
    Promise.all(
      [[{ method: 'magnitude-global', sparsity: 1.5 }], [{ method: 'magic' }]].map((recipe) =>
        lossy.run({ recipe }).then(
          () => 'accepted',
          (error: Error) => error.message,
        ),
      ),
    ),
  );
  expect(messages[0]).toContain('sparsity is 1.5; allowed: a number from 0 to 1');
  expect(messages[1]).toContain('"magic"');
  await usable(page);
});

for (const [what, fragment, words] of [
  ['mangled', '#steps=%7Bbroken', 'steps cannot be read'],
  ['with damaged results', '#results=AAAA', 'results are damaged'],
  ['with sparsity 1.5', `#steps=${encodeURIComponent('[{"method":"rtn","params":{"bits":99}}]')}`, 'bits'],
  ['for a model that is not shipped', '#model=bert-huge', 'bert-huge, which this lab does not ship'],
  ['for a suite that is not shipped', '#suite=rumours', 'rumours, which this lab does not ship'],
  ['with an unknown method', `#steps=${encodeURIComponent('[{"method":"magic"}]')}`, 'no method of this lab'],
  ['oversized', `#results=${'A'.repeat(70_000)}`, 'characters'],
] as const) {
  test(`a link that is ${what} gives a message and the start page`, async ({ page }) => {
    await useSmallSuite(page);
    await page.goto(`./${fragment}`);
    const note = page.getByRole('status').filter({ hasText: 'The link cannot be read' });
    await expect(note).toContainText(words, soon);
    await usable(page);
    await expect(page.getByRole('slider', { name: 'Weights removed' })).toHaveAttribute('aria-valuetext', '50 %');
    await note.getByRole('button', { name: 'Dismiss' }).click();
    await expect(note).toBeHidden();
  });
}

test('a browser that blocks IndexedDB computes, and says that nothing is kept', async ({ page }) => {
  await useSmallSuite(page);
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'indexedDB', {
      get: () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      },
    });
  });
  await page.goto('./');
  await expect(page.getByRole('status').filter({ hasText: 'Results are not kept' })).toContainText('private mode');
  await finished(page);
  await page.getByRole('link', { name: 'All results that this browser keeps' }).click();
  await expect(page.getByRole('heading', { name: 'Kept results (10)' })).toBeVisible();
});

test('a full disk stops nothing, and says so once', async ({ page }) => {
  await useSmallSuite(page);
  await page.addInitScript(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('No space.', 'QuotaExceededError');
    };
  });
  await page.goto('./');
  await finished(page);
  await expect(page.getByRole('status').filter({ hasText: 'no space left' })).toHaveCount(1);
});

test('a worker that crashes is started again, and loses nothing', async ({ page }) => {
  await useSmallSuite(page);
  await page.goto('./');
  const kept = () => keptAnswers(page);
  await expect.poll(kept, { timeout: 60_000 }).toBeGreaterThan(80);
  const worker = page.workers().find((candidate) => candidate.url().includes('lab.worker'))!;
  // With the next piece that it is asked: between two of them a crash is nobody's loss, and is not told.
  await worker.evaluate(() => {
    addEventListener(
      'message',
      () =>
        setTimeout(() => {
          throw new Error('crashed on purpose');
        }),
      { once: true },
    );
  });
  await expect(page.getByRole('status').filter({ hasText: 'The computing thread stopped' })).toContainText(
    'crashed on purpose',
  );
  await finished(page);
});

test('two tabs share the work: nothing is computed twice', async ({ context }) => {
  const tabs = [await context.newPage(), await context.newPage()];
  for (const tab of tabs) await useSmallSuite(tab);
  await Promise.all(tabs.map((tab) => tab.goto('./')));
  await Promise.all(tabs.map(finished));
  const computed = await Promise.all(tabs.map((tab) => tab.evaluate(async () => (await lossy.backend()).computed)));
  const total = await keptAnswers(tabs[0]);
  expect(computed[0] + computed[1]).toBe(total);
});

test('a connection that breaks off is taken up where it stopped', async ({ page }) => {
  await useSmallSuite(page);
  let asked = 0;
  const ranges: (string | undefined)[] = [];
  await page.route(`**/${defaultModel}/model.onnx`, async (route) => {
    asked++;
    ranges.push(route.request().headers().range);
    if (asked === 1) return route.abort('connectionreset');
    return route.continue();
  });
  await page.goto('./');
  await expect(page.getByText(/the model knows/)).toBeVisible({ timeout: 60_000 });
  expect(asked).toBeGreaterThanOrEqual(2);
});

test('no WebGPU where it was insisted on: a message, and WebAssembly', async ({ page }) => {
  await useSmallSuite(page);
  await page.goto('./?backend=webgpu');
  await expect(page.getByRole('status').filter({ hasText: 'No graphics processor' })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/^WebAssembly, \d+ thread/)).toBeVisible();
});
