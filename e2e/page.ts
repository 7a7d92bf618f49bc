import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
// Brings the type of globalThis.lossy.
import type {} from '../src/app/api.ts';

/** Everything the page complains about, from now on. */
export function complaints(page: Page): string[] {
  const found: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') found.push(message.text());
  });
  page.on('pageerror', (error) => found.push(error.message));
  return found;
}

interface SuiteFile {
  order?: number[];
  relations: { id: string; facts: unknown[] }[];
}

/** Facts of the small suite: more than one piece, so that a sweep can be interrupted between two. */
export const smallSuite = { relations: 10, facts: 40 };

/** Gives the page a suite of 400 facts in the place of the shipped one, so that a whole sweep takes seconds. */
export async function useSmallSuite(page: Page): Promise<void> {
  const suite = JSON.parse(readFileSync('public/suites/facts/suite.json', 'utf8')) as SuiteFile;
  suite.relations = suite.relations.slice(0, smallSuite.relations).map((relation) => ({
    ...relation,
    facts: relation.facts.slice(0, smallSuite.facts),
  }));
  // It names all facts of the whole suite.
  delete suite.order;
  await page.route('**/suites/facts/suite.json', (route) => route.fulfill({ json: suite }));
}

/** Waits until the sweep is finished. */
export const finished = (page: Page) =>
  page.getByText(/^All [\d,]+ answers are there\.$/).waitFor({ timeout: 220_000 });

/** How many answers this browser keeps, of all results together. */
export const keptAnswers = (page: Page) =>
  page.evaluate(async () => (await lossy.cache.list()).reduce((sum, { asked }) => sum + asked, 0));
