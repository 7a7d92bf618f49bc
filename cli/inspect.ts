import { leftOut, scopeIds, sitesOf } from '../src/lab/compress/scope.ts';
import { openModel } from './folder.ts';
import { type Options, print, required } from './options.ts';

/** Prints a model, its layers, and what each scope holds. */
export async function inspect(options: Options): Promise<void> {
  const model = await openModel(required('model', options.model));
  const { name, sha256, family, type, parameters, vocabulary, sites } = model;
  const scopes = Object.fromEntries(
    scopeIds.map((scope) => [
      scope,
      {
        sites: sitesOf(scope, sites).map((site) => site.name),
        leftOut: leftOut(scope, sites).map((site) => site.name),
      },
    ]),
  );
  if (options.json) {
    print(JSON.stringify({ model: { name, sha256, family, type, parameters, vocabulary }, sites, scopes }));
    return;
  }
  print(`${name}: ${type} (${family}), ${parameters} parameters, ${vocabulary} words, SHA-256 ${sha256}`);
  for (const site of sites) {
    const notes = [site.dtype, site.transposed ? 'transposed' : '', site.tied ? 'tied' : '', site.reason ?? ''];
    print(`${site.name.padEnd(36)}${site.shape.join(' x ').padEnd(16)}${notes.filter(Boolean).join(', ')}`);
  }
}
