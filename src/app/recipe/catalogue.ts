import { groups } from '../../lab/compress/groups.ts';
import type { Method } from '../../lab/compress/method.ts';
import { isMethodId, type MethodId, methodList, methods } from '../../lab/compress/methods/index.ts';
import { describeRecipe, parseRecipe } from '../../lab/compress/recipe.ts';
import { isScopeId, leftOut, type ScopeId, scopeOf, sitesOf } from '../../lab/compress/scope.ts';
import type { FamilyId, Site } from '../../lab/model/site.ts';
import { levelsOf, type StepChoice } from './curve.ts';
import { scopesOf } from './offers.ts';

/** One method as the page offers it; everything is read from the registry. */
export const catalogue = methodList.map((method) => {
  const { label, term, kind, group, help, citation, axis } = method;
  return {
    id: method.id as MethodId,
    label,
    term,
    kind,
    group,
    help,
    citation,
    axisLabel: axis.label,
    unit: axis.unit,
  };
});

export type CatalogueEntry = (typeof catalogue)[number];

export const entryOf = (id: MethodId): CatalogueEntry => catalogue.find((entry) => entry.id === id)!;

/** The methods under their headings, in the order in which people are offered them. */
export const catalogueGroups = Object.entries(groups)
  .map(([id, { label, term }]) => ({ id, label, term, entries: catalogue.filter(({ group }) => group === id) }))
  .filter(({ entries }) => entries.length > 0);

/** What a search looks at: names, terms, headings and what the help says. */
const haystacks = new Map(
  catalogueGroups.flatMap((heading) =>
    heading.entries.map((entry) => {
      const { id, label, term, help, citation } = entry;
      return [entry, plain([id, label, term, help, citation.text, heading.label, heading.term].join(' '))] as const;
    }),
  ),
);

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}:.]+/gu, ' ');
}

/**
 * The methods that a search finds, under their headings: those with every word of it. Who finds a method by its name
 * or its term wants that one, so others that only mention the words come in only where no name has them.
 */
export function searchCatalogue(search: string): typeof catalogueGroups {
  const words = plain(search).split(' ').filter(Boolean);
  const within = (text: (entry: CatalogueEntry) => string) =>
    catalogueGroups
      .map((heading) => ({
        ...heading,
        entries: heading.entries.filter((entry) => words.every((word) => text(entry).includes(word))),
      }))
      .filter(({ entries }) => entries.length > 0);
  const named = within(({ id, label, term }) => plain([id, label, term].join(' ')));
  return named.length > 0 ? named : within((entry) => haystacks.get(entry)!);
}

/** What a step does where its slider stands, in words. */
export function describeStep(step: StepChoice): string {
  const { method, scope, params, level } = step;
  if (level === 0) return `left out (${entryOf(method).label})`;
  const recipe = parseRecipe([{ ...params, ...levelsOf(step)[level].params, method, scope }]);
  return describeRecipe(recipe);
}

/** The same, but without what it is applied to, for those who apply it to many parts in turn. */
export function describeEffect({ method, params, scope, ...step }: StepChoice): string {
  const [made] = parseRecipe([{ ...params, ...levelsOf({ method, ...step })[step.level].params, method, scope }]);
  const { effect, how } = (methods[method] as Method).describe(made);
  return `${effect} (${how})`;
}

/** The scopes to choose from for models of a family. */
export const scopeListOf = (family: FamilyId) => scopesOf(family).map(scopeOffer);

export interface ScopeOffer {
  id: string;
  label: string;
  help: string;
}

const scopeOffer = (id: ScopeId): ScopeOffer => ({ id, label: scopeOf(id).label, help: scopeOf(id).help });

/** Scopes to choose from, with the one that is chosen: single blocks come by links and from the Layers view. */
export const withScope = (offers: readonly ScopeOffer[], chosen: string): readonly ScopeOffer[] =>
  offers.some(({ id }) => id === chosen) || !isScopeId(chosen) ? offers : [...offers, scopeOffer(chosen)];

/** What a scope covers in a model, and what it leaves alone, by name: nothing is left out unseen. */
export function coverageOf(scope: string, sites: readonly Site[]) {
  const id = isScopeId(scope) ? scope : 'overall';
  return {
    covered: sitesOf(id, sites).length,
    leftOut: leftOut(id, sites).map(({ name, kind, reason }) =>
      kind === 'unclassified' ? `${name} (not classified: ${reason})` : name,
    ),
  };
}

export { describeRecipe, isMethodId };
