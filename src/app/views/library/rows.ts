import { type Interval, wilson } from '../../../lab/metrics/interval.ts';
import { keptWords } from '../../../lab/probe/predictions.ts';
import type { ResultEntry } from '../../../lab/result/schema.ts';
import { stepsToText, toFragment } from '../../link/fragment.ts';
import { usePage } from '../../page/page.ts';
import { describeRecipe, entryOf } from '../../recipe/catalogue.ts';
import { wordingWords } from '../../recipe/offers.ts';
import { fromRecipe, newStep } from '../../recipe/steps.ts';
import { offerOf } from '../../run/user-suites.ts';
import { modelOf, suiteOf } from '../../shipped.ts';
import { writeExploreLink } from '../explore/explore-link.ts';
import type { LibraryChoice, SortKey } from './library-choice.ts';

/** One kept result as the list shows it. */
export interface LibraryRow {
  entry: ResultEntry;
  tags: readonly string[];
  /** The recipe in words. */
  recipe: string;
  /** Suite and wording in words. */
  questions: string;
  /** P@1 with its 95 % Wilson interval. */
  share: number;
  interval: Interval;
  /** About how many bytes this browser keeps of it. */
  kept: number;
  /** What a search looks at, in small letters. */
  words: string;
}

/** Bytes of an answer: rank and log-probability, and the highest words with theirs. */
const answerBytes = 4 * (2 + 2 * keptWords);

/** About how many bytes a result takes in this browser. */
export const keptBytesOf = (entry: ResultEntry): number => JSON.stringify(entry).length + entry.asked * answerBytes;

/** A kept result in words. */
export function rowOf(entry: ResultEntry, tags: readonly string[]): LibraryRow {
  const { model, suite, template, hits, asked, backend, key } = entry;
  const recipe = describeRecipe(entry.recipe);
  const title =
    suiteOf(suite.name)?.title ??
    usePage.getState().userSuites.find(({ id }) => id === suite.name)?.title ??
    suite.name;
  const questions = `${title}, ${wordingWords[template].label}`;
  const methods = entry.recipe.map(({ method }) => `${method} ${entryOf(method).label} ${entryOf(method).term}`);
  const words = [recipe, model.name, modelOf(model.name)?.title ?? '', suite.name, questions, backend, key, ...methods];
  return {
    entry,
    tags,
    recipe,
    questions,
    share: asked === 0 ? 0 : hits / asked,
    interval: wilson(hits, asked),
    kept: keptBytesOf(entry),
    words: [...words, ...tags].join(' ').toLowerCase(),
  };
}

const compare: Readonly<Record<SortKey, (a: LibraryRow, b: LibraryRow) => number>> = {
  recipe: (a, b) => (a.recipe < b.recipe ? -1 : +(a.recipe > b.recipe)),
  model: (a, b) => a.entry.model.name.localeCompare(b.entry.model.name),
  questions: (a, b) => a.questions.localeCompare(b.questions),
  asked: (a, b) => a.entry.asked - b.entry.asked,
  share: (a, b) => a.share - b.share,
  size: (a, b) => a.entry.report.total.bytes.smallest - b.entry.report.total.bytes.smallest,
  when: (a, b) => a.entry.savedAt - b.entry.savedAt,
  took: (a, b) => a.entry.seconds - b.entry.seconds,
};

/** The results that a choice finds, with every word of the search in them, in its order. */
export function found(rows: readonly LibraryRow[], choice: LibraryChoice): LibraryRow[] {
  const { model, suite, method, tag, sort, direction } = choice;
  const words = choice.search.toLowerCase().split(/\s+/).filter(Boolean);
  const sign = direction === 'ascending' ? 1 : -1;
  return rows
    .filter(
      ({ entry, tags, words: has }) =>
        (model === null || entry.model.name === model) &&
        (suite === null || entry.suite.name === suite) &&
        (method === null || entry.recipe.some((step) => step.method === method)) &&
        (tag === null || tags.includes(tag)) &&
        words.every((word) => has.includes(word)),
    )
    .sort((a, b) => sign * compare[sort](a, b) || (a.entry.key < b.entry.key ? -1 : 1));
}

/** Whether a result is of a model and a suite that are still there. */
export const canShow = ({ model, suite }: Pick<ResultEntry, 'model' | 'suite'>): boolean =>
  modelOf(model.name) !== undefined && offerOf(suite.name) !== undefined;

/** Where Explore shows a result: its recipe on the controls. Null where its model or suite is gone. */
export function exploreLink(entry: ResultEntry): string | null {
  if (!canShow(entry)) return null;
  const made = fromRecipe(entry.recipe);
  const steps = made.length > 0 ? made : [{ ...newStep('magnitude-global'), level: 0 }];
  const choice = { model: entry.model.name, suite: entry.suite.name, template: entry.template, steps };
  return `#${writeExploreLink({ ...choice, axis: steps.length - 1 }, { relation: null, probe: null })}`;
}

/** Where two results are compared fact by fact; null where they are not of the same model and questions. */
export function compareLink([a, b, ...others]: readonly ResultEntry[]): string | null {
  if (!a || !b || others.length > 0 || !canShow(a)) return null;
  if (a.model.sha256 !== b.model.sha256 || a.suite.sha256 !== b.suite.sha256 || a.template !== b.template) return null;
  const stepsOf = ({ recipe }: ResultEntry) => stepsToText(fromRecipe(recipe));
  const fields = { model: a.model.name, suite: a.suite.name, template: a.template };
  return `#${toFragment('compare', { ...fields, a: stepsOf(a), b: stepsOf(b) })}`;
}
