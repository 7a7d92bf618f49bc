import type { Recipe } from '../../lab/compress/recipe.ts';
import { isUserSuite } from '../storage/user-suite-id.ts';
import type { Question } from './question.ts';

/** Within single quotes a shell reads everything as it is, but for the quote itself. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** The command that computes a result in a terminal. What the visitor brought has to be named by its path. */
export function commandOf({ model, suite, template }: Question, recipe: Recipe, most?: number): string {
  return [
    `npm run -s lab -- run --model ${model}`,
    `--suite ${isUserSuite(suite) ? 'path/to/your/files' : suite}`,
    `--template ${template}`,
    ...(recipe.length === 0 ? [] : [`--recipe ${quoted(JSON.stringify(recipe))}`]),
    ...(most === undefined ? [] : [`--limit ${most}`]),
    '--json',
  ].join(' ');
}
