import { usePage } from '../../app/page/page.ts';
import { wordingWords } from '../../app/recipe/offers.ts';
import type { Question } from '../../app/recipe/question.ts';
import { modelOf, suiteOf } from '../../app/shipped.ts';

/** Model, suite and wording, in words. */
export function subjectWords({ model, suite, template }: Question): string {
  const userSuite = usePage.getState().userSuites.find(({ id }) => id === suite);
  return `${modelOf(model)?.title ?? model}, ${(suiteOf(suite) ?? userSuite)?.title ?? suite}, asked ${wordingWords[template].label}`;
}
