import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { describeStep } from '../src/app/recipe/catalogue.ts';
import { hasScope, scopesOf } from '../src/app/recipe/offers.ts';
import { newStep } from '../src/app/recipe/steps.ts';
import { familyWords, familyWordsOf, siteWords } from '../src/app/recipe/words.ts';
import { cellsOf } from '../src/app/views/layers/cells.ts';
import { type NamedScopeId, sitesOf } from '../src/lab/compress/scope.ts';
import { type FamilyId, families, familyIds, familyOf } from '../src/lab/family/index.ts';
import { loadModel } from '../src/lab/model/load.ts';
import { makeProbes } from '../src/lab/probe/probes.ts';
import { parseSuite } from '../src/lab/suite/suite.ts';
import { tinyFiles } from '../src/lab/test/tiny.ts';
import { familySeries } from '../src/ui/views/families/series.ts';
import { parseCard } from '../workers/card.ts';

// What CONTRIBUTING.md promises of a new model family: a line in the registry, and it is everywhere.

vi.mock(import('../src/lab/family/index.ts'), async (original) => {
  const index = await original();
  const { reader } = await import('../src/lab/test/dummy/reader.ts');
  const families = { ...index.families, reader };
  return {
    ...index,
    families,
    familyIds: Object.keys(families) as FamilyId[],
    familyOf: (type: string) => (type === 'reader' ? (reader as never) : index.familyOf(type)),
  };
});

const id = 'reader' as FamilyId;
const own = 'reading-attention' as NamedScopeId;

/** The tiny encoder, as a model of the new family. */
function open() {
  const files = tinyFiles('tiny-bert', readFileSync);
  return loadModel({ ...files, config: JSON.stringify({ ...JSON.parse(files.config), model_type: 'reader' }) });
}

describe('a family that is added to the registry', () => {
  const model = open();

  it('is found by its model type, and its sites know it', () => {
    expect(familyOf('reader')?.id).toBe(id);
    expect(model.family).toBe(id);
    expect(new Set(model.sites.map(({ family }) => family))).toEqual(new Set([id]));
    const card = readFileSync('public/models/bert-mini/card.json', 'utf8').replace('"encoder"', '"reader"');
    expect(parseCard(card).family).toBe(id);
  });

  it('is asked in its own way', () => {
    const suite = parseSuite(
      JSON.stringify({
        format: 'lossy-suite-2',
        title: 'One',
        licence: 'CC0',
        relations: [
          { id: 'r', label: 'R', templates: { train: ['[X] [Y] .'], probe: '[X] [Y] .' }, facts: [['w7', 'w9']] },
        ],
      }),
    );
    const fill = vi.spyOn(families[id], 'fill');
    expect(makeProbes(suite, 'seen', model).probes).toHaveLength(1);
    expect(fill.mock.calls.map(([sentence, answers]) => [sentence, answers])).toContainEqual(['W7 [Y] .', [[9]]]);
  });

  it('has its scopes, which no other family has, beside those of all', () => {
    expect(scopesOf(id)).toContain(own);
    expect(familyIds.filter((family) => hasScope(own, family))).toEqual([id]);
    expect(scopesOf(id)).toEqual(expect.arrayContaining(scopesOf('encoder')));
    expect(hasScope('block-1.query', id)).toBe(true);
    expect(hasScope('cross-attention', id)).toBe(false);
    // In this family the attention output counts as attention.
    const names = (scope: NamedScopeId) => sitesOf(scope, model.sites).map(({ name }) => name);
    expect(names('attention')).toContain('encoder.0.attention.output');
    expect(names(own)).toEqual(names('attention'));
    expect(describeStep(newStep('rtn', own))).toContain('reading attention');
  });

  it('is named on the page, and drawn in a way of its own', () => {
    expect(familyWordsOf(id)).toMatchObject({ label: 'Reads along (reader)', term: 'Reader' });
    expect(siteWords(model.sites[0])).toBe('block 1, query');
    expect(cellsOf(model.sites).rows).toEqual(['all', 'block-1', 'block-2', 'last']);
    const looks = familyWords.map((family) => familySeries[family.id]);
    for (const part of ['colour', 'dash', 'marker'] as const)
      expect(new Set(looks.map((drawn) => drawn[part])).size).toBe(looks.length);
  });
});
