import type { ReactNode } from 'react';
import { describeRecipe } from '../../../app/recipe/catalogue.ts';
import { commandOf } from '../../../app/recipe/command.ts';
import { resultKeyOf } from '../../../app/run/result-lookup.ts';
import { recipeOf, sides } from '../../../app/views/compare/compare-choice.ts';
import { useCompare } from '../../../app/views/compare/compare-store.ts';
import type { Exports } from '../../parts/export/exports.ts';
import { Figure } from '../../parts/export/Figure.tsx';
import { count } from '../../parts/format.ts';
import { subjectWords } from '../../parts/subject.ts';
import { compare as texts } from '../../texts/compare.ts';

interface Props extends Pick<Exports, 'rows'> {
  title: string;
  /** The recipes in it, by their places. */
  places: readonly number[];
  /** How many facts they were asked. */
  n: number;
  children: ReactNode;
}

/** A figure of some of the compared recipes, which can be saved and cited. */
export function RecipesFigure({ title, places, n, rows, children }: Props) {
  const choice = useCompare((state) => state.choice);
  const recipes = places.map((at) => ({ at, recipe: recipeOf(choice.recipes[at]) }));
  const cited = () => ({
    title,
    subject: [
      subjectWords(choice),
      ...recipes.map(({ at, recipe }) => `${texts.side(sides[at])}: ${describeRecipe(recipe)}`),
    ].join('; '),
    n: `n = ${count(n)}`,
    keys: recipes.flatMap(({ recipe }) => resultKeyOf(choice, recipe) ?? []),
  });
  const commands = () => recipes.map(({ recipe }) => commandOf(choice, recipe, choice.amount || undefined));
  return (
    <Figure cited={cited} rows={rows} commands={commands}>
      {children}
    </Figure>
  );
}
