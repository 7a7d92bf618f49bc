import { isScopeId, scopeIds, scopeOf } from '../../lab/compress/scope.ts';
import type { FamilyId } from '../../lab/model/site.ts';
import type { Wording } from '../../lab/suite/suite.ts';
import { modelOf, type ShippedModel } from '../shipped.ts';
import type { Choice, StepChoice } from './curve.ts';

/** What choosing needs to know of a suite. */
export interface SuiteOffer {
  id: string;
  wordings: readonly Wording[];
}

/** How a wording is offered: plain words, and what it is for. */
export const wordingWords: Readonly<Record<Wording, { label: string; help: string }>> = {
  seen: { label: 'as in training', help: 'Facts of the training, in a wording that the training used.' },
  paraphrase: { label: 'in other words', help: 'Facts of the training, in a wording that it never used.' },
  'held-out': {
    label: 'never trained (control)',
    help: 'Facts that the training never stated: what is right here was guessed or concluded, not remembered.',
  },
  given: { label: 'as they stand', help: 'As the files have it; nothing is known of the training.' },
};

/** Whether a scope of this name has layers in models of a family. */
export function hasScope(scope: string, family: FamilyId): boolean {
  if (!isScopeId(scope)) return false;
  const { families } = scopeOf(scope);
  return families === undefined || families.includes(family);
}

/** The named scopes that models of a family have. */
export const scopesOf = (family: FamilyId) => scopeIds.filter((id) => hasScope(id, family));

/** The family of the model that a choice names. */
export const familyOfChoice = ({ model }: Pick<Choice, 'model'>): FamilyId => modelOf(model)?.family ?? 'encoder';

/** Steps for models of another family: those on layers that it does not have go to the whole model. */
export const stepsFor = (steps: readonly StepChoice[], family: FamilyId): StepChoice[] =>
  steps.map((step) => (hasScope(step.scope, family) ? step : { ...step, scope: 'overall' }));

/** Another model, with the same steps as far as its family has the layers. */
export const withModel = (choice: Choice, { id, family }: Pick<ShippedModel, 'id' | 'family'>): Choice => ({
  ...choice,
  model: id,
  steps: stepsFor(choice.steps, family),
});

/** Another suite: its own first wording, unless it has the chosen one. */
export function withSuite<T extends Pick<Choice, 'suite' | 'template'>>(choice: T, { id, wordings }: SuiteOffer): T {
  return { ...choice, suite: id, template: wordings.includes(choice.template) ? choice.template : wordings[0] };
}
