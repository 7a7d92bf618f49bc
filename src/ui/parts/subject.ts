import { wordingWords } from '../../app/choose.ts';
import type { Question } from '../../app/figures.ts';
import { usePage } from '../../app/page.ts';
import { modelOf, suiteOf } from '../../app/shipped.ts';

/** Model, suite and wording, in words. */
export function subjectWords({ model, suite, template }: Question): string {
  const own = usePage.getState().own.find(({ id }) => id === suite);
  return `${modelOf(model)?.title ?? model}, ${(suiteOf(suite) ?? own)?.title ?? suite}, asked ${wordingWords[template].label}`;
}
