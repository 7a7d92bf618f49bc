import { describeRecipe } from '../compress/recipe.ts';
import { metadataKeys } from '../model/metadata-keys.ts';
import type { ExportJob } from './format.ts';

/** What an export says about itself: texts under {@link metadataKeys}. */
export function metadataOf({ model, recipe, applied }: ExportJob): Record<string, string> {
  const rounded = applied.matrices.flatMap(({ site, activations }) => (activations ? [site.name] : []));
  return {
    [metadataKeys.recipe]: JSON.stringify(recipe),
    [metadataKeys.report]: JSON.stringify(applied.report),
    [metadataKeys.source]: model.sha256,
    [metadataKeys.description]: describeRecipe(recipe),
    ...(rounded.length > 0 && { [metadataKeys.roundedInputs]: JSON.stringify(rounded) }),
  };
}
