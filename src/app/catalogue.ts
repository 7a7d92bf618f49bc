import { controls } from '../lab/compress/controls.ts';
import { isMethodId, type MethodId, methodList } from '../lab/compress/index.ts';
import { describeRecipe } from '../lab/compress/recipe.ts';
import { isScopeId, leftOut, scopes, sitesOf } from '../lab/compress/scope.ts';
import type { FamilyId, Site } from '../lab/model/site.ts';
import { scopesOf } from './choose.ts';
import { levelsOf } from './curve.ts';

/** One method as the page offers it; everything is read from the registry. */
export const catalogue = methodList.map((method) => {
  const byAxis = new Set(method.axis.levels.flatMap((level) => Object.keys(level.params)));
  const id = method.id as MethodId;
  const { label, term, kind, help, citation, axis } = method;
  return {
    id,
    label,
    term,
    kind,
    help,
    citation,
    axisLabel: axis.label,
    unit: axis.unit,
    levels: levelsOf(id),
    /** Parameters that the slider does not set. */
    controls: controls(method).filter((control) => !byAxis.has(control.name)),
  };
});

export type CatalogueEntry = (typeof catalogue)[number];

export const entryOf = (id: MethodId): CatalogueEntry => catalogue.find((entry) => entry.id === id)!;

/** The scopes to choose from for models of a family. */
export const scopeListOf = (family: FamilyId) =>
  scopesOf(family).map((id) => ({ id, label: scopes[id].label, help: scopes[id].help }));

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
