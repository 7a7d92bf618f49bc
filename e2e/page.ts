import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page, TestInfo } from '@playwright/test';
// Brings the type of globalThis.lossy.
import type {} from '../src/app/install-api.ts';
import { parseSuite } from '../src/lab/suite/suite.ts';
import { parseCard } from '../workers/card.ts';

/** The shipped models by their cards. */
export const cards = readdirSync('public/models')
  .filter((id) => existsSync(join('public/models', id, 'card.json')))
  .map((id) => parseCard(readFileSync(join('public/models', id, 'card.json'), 'utf8')));

/** The model that a first visit opens. */
export const defaultModel = cards.some(({ id }) => id === 'bert-mini') ? 'bert-mini' : 'bert-small';

/** The families of which a model is shipped. */
export const families = [...new Set(cards.map(({ family }) => family))];

/** Everything the page complains about, from now on. */
export function complaints(page: Page): string[] {
  const found: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') found.push(message.text());
  });
  page.on('pageerror', (error) => found.push(error.message));
  return found;
}

/** The addresses of model files that the page asks the server for, from now on. */
export function downloads(page: Page): string[] {
  const found: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('.onnx')) found.push(request.url());
  });
  return found;
}

interface FactsFile {
  title: string;
  order?: number[];
  relations: { id: string; label: string; facts: [string, unknown, number][] }[];
}

interface TasksFile {
  tasks: { docs: unknown[] }[];
}

/** How much of the shipped suites a test takes. */
interface Size {
  relations: number;
  facts: number;
  heldOut: number;
  docs: number;
}
const usual: Size = { relations: 8, facts: 10, heldOut: 3, docs: 6 };

const read = (id: string) => readFileSync(`public/suites/${id}/suite.json`, 'utf8');

export function smallFacts(size: Size): FactsFile {
  const suite = JSON.parse(read('facts')) as FactsFile;
  suite.relations = suite.relations.slice(0, size.relations).map((relation) => ({
    ...relation,
    facts: [
      ...relation.facts.filter(([, , frequency]) => frequency !== 0).slice(0, size.facts),
      ...relation.facts.filter(([, , frequency]) => frequency === 0).slice(0, size.heldOut),
    ],
  }));
  // It names all facts of the whole suite.
  delete suite.order;
  return suite;
}

function smallTasks({ docs }: Size): TasksFile {
  const suite = JSON.parse(read('choice')) as TasksFile;
  return { ...suite, tasks: suite.tasks.map((task) => ({ ...task, docs: task.docs.slice(0, docs) })) };
}

/** The facts of the small suite. */
export const smallSuite = smallFacts(usual);

/** Suites in the place of the shipped ones, as if the page had been built with them. */
interface SmallSite {
  /** Their JSON, by their addresses within the site. */
  suites: ReadonlyMap<string, object>;
  /** The built scripts that know the shipped ones' hashes. */
  scripts: readonly string[];
  /** Such a script with the hashes of these. */
  rewrite: (script: string) => string;
}

/** Those that were made: reading and hashing the whole suites takes a moment. */
const made = new Map<string, SmallSite>();

/** @param change makes the facts what a test needs */
export function smallSite(size: Size = usual, change?: (facts: FactsFile) => FactsFile): SmallSite {
  const name = JSON.stringify(size);
  const site = (change ? undefined : made.get(name)) ?? makeSite(size, change);
  if (!change) made.set(name, site);
  return site;
}

function makeSite(size: Size, change: (facts: FactsFile) => FactsFile = (facts) => facts): SmallSite {
  const suites = new Map<string, object>();
  const hashes: [whole: string, part: string][] = [];
  for (const [id, json] of Object.entries({ facts: change(smallFacts(size)), choice: smallTasks(size) })) {
    suites.set(`suites/${id}/suite.json`, json);
    hashes.push([parseSuite(read(id)).sha256, parseSuite(JSON.stringify(json)).sha256]);
  }
  const names = readdirSync('dist/assets').filter((name) => name.endsWith('.js'));
  return {
    suites,
    scripts: names
      .filter((name) => readFileSync(join('dist/assets', name), 'utf8').includes(hashes[0][0]))
      .map((name) => `assets/${name}`),
    rewrite: (script) => hashes.reduce((text, [whole, part]) => text.replaceAll(whole, part), script),
  };
}

/**
 * Gives the page suites of some eighty facts and thirty questions in the place of the shipped ones, as if it had
 * been built with them: a whole sweep takes seconds.
 *
 * @param change makes the facts what a test needs
 */
export async function useSmallSuite(page: Page, size?: Size, change?: (facts: FactsFile) => FactsFile): Promise<void> {
  const { suites, scripts, rewrite } = smallSite(size, change);
  for (const [path, json] of suites) await page.route(`**/${path}`, (route) => route.fulfill({ json }));
  for (const path of scripts) await changeScript(page, `**/${path}`, rewrite);
}

/** A page for several tests of a file, each of which goes to its own address: the model that it loaded stays loaded. */
export async function sharedPage(browser: Browser, size?: Size, options?: BrowserContextOptions): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  await useSmallSuite(page, size);
  return page;
}

type Stored = Awaited<ReturnType<BrowserContext['storageState']>>;

/**
 * What a browser keeps after a visit, as the fixture `storageState` of tests that are about later visits.
 * It is computed by the first of them, once in each process of the test runner.
 */
export function keptFrom(visit: (page: Page) => Promise<void>, size?: Size) {
  let kept: Promise<Stored> | undefined;
  const compute = async (browser: Browser, options: BrowserContextOptions) => {
    const page = await sharedPage(browser, size, options);
    await visit(page);
    const stored = await page.context().storageState({ indexedDB: true });
    await page.context().close();
    return stored;
  };
  return async ({ browser }: { browser: Browser }, use: (stored: Stored) => Promise<void>, { project }: TestInfo) => {
    // The fixture is part of the options that a context has by default: here there are none yet.
    kept ??= compute(browser, project.use);
    await use(await kept);
  };
}

/** Gives the page scripts of the build as a test needs them. */
export const changeScript = (page: Page, address: string, change: (script: string) => string) =>
  page.route(address, async (route) => {
    // The server ends connections that rest: one may end while it is used again.
    const response = await route.fetch({ maxRetries: 3 });
    await route.fulfill({ response, body: change(await response.text()) });
  });

/** The lab's workers that live now: one for each model that is loaded. */
export const labWorkers = (page: Page) => page.workers().filter((worker) => worker.url().includes('lab.worker'));

/** Waits until the sweep is finished. */
export const finished = (page: Page) =>
  page.getByText(/^All [\d,]+ answers are there\.$/).waitFor({ timeout: 220_000 });

/** How many answers this browser keeps, of all results together. */
export const keptAnswers = (page: Page) =>
  page.evaluate(async () => (await lossy.cache.list()).reduce((sum, { asked }) => sum + asked, 0));
