import { describe, expect, it } from 'vitest';
import type { FamilyId, Site, SiteKind, Stack } from '../model/site.ts';
import { makeSite } from '../test/matrices.ts';
import { describeRecipe, parseRecipe } from './recipe.ts';
import { blockParts, isScopeId, leftOut, type ScopeId, scopeIds, scopeOf, scopes, sitesOf } from './scope.ts';

/** One layer of each kind, named by it. */
const layers = (family: FamilyId, stack: Stack, kinds: readonly SiteKind[], cross = false): Site[] =>
  kinds.map((kind) => makeSite(`${cross ? 'cross ' : ''}${kind}`, 1, 1, { kind, family, stack, cross }));

const block: SiteKind[] = ['query', 'key', 'value', 'attention-output', 'intermediate', 'unclassified', 'output'];
const encoder = layers('encoder', 'encoder', [...block, 'transform', 'decoder']);
const decoder = layers('decoder', 'decoder', [
  'query-key-value',
  'attention-output',
  'gate',
  'intermediate',
  'unclassified',
  'output',
  'decoder',
]);
const pair = [
  ...layers('encoder-decoder', 'encoder', ['query', 'attention-output', 'gate', 'output']).map((site) => ({
    ...site,
    name: `read ${site.name}`,
  })),
  ...layers('encoder-decoder', 'decoder', ['query', 'attention-output']),
  ...layers('encoder-decoder', 'decoder', ['query', 'value'], true),
  ...layers('encoder-decoder', 'decoder', ['intermediate', 'unclassified', 'output', 'decoder']),
];
const namesOf = (scope: ScopeId, sites: readonly Site[]) => sitesOf(scope, sites).map(({ name }) => name);

describe('sitesOf', () => {
  it.each([
    ['overall', ['query', 'key', 'value', 'attention-output', 'intermediate', 'output', 'transform']],
    ['attention', ['query', 'key', 'value']],
    ['feed-forward', ['attention-output', 'intermediate', 'output']],
    ['attention-block', ['query', 'key', 'value', 'attention-output']],
    ['mlp', ['intermediate', 'output']],
    ['decoder', ['decoder']],
  ] as const)('finds an encoder’s layers of %s as the paper does', (scope, wanted) => {
    expect(namesOf(scope, encoder)).toEqual(wanted);
  });

  it.each([
    ['overall', ['query-key-value', 'attention-output', 'gate', 'intermediate', 'output']],
    ['attention', ['query-key-value', 'attention-output']],
    ['feed-forward', ['gate', 'intermediate', 'output']],
    ['attention-block', ['query-key-value', 'attention-output']],
    ['mlp', ['gate', 'intermediate', 'output']],
    ['decoder', ['decoder']],
  ] as const)('finds a decoder’s layers of %s, whose attention is all of it', (scope, wanted) => {
    expect(namesOf(scope, decoder)).toEqual(wanted);
  });

  it.each([
    ['attention', ['read query', 'read attention-output', 'query', 'attention-output', 'cross query', 'cross value']],
    ['feed-forward', ['read gate', 'read output', 'intermediate', 'output']],
    ['encoder-attention', ['read query', 'read attention-output']],
    ['decoder-attention', ['query', 'attention-output']],
    ['cross-attention', ['cross query', 'cross value']],
    ['encoder', ['read query', 'read attention-output', 'read gate', 'read output']],
    ['decoder-stack', ['query', 'attention-output', 'cross query', 'cross value', 'intermediate', 'output']],
    ['decoder', ['decoder']],
  ] as const)('finds an encoder-decoder’s layers of %s in their halves', (scope, wanted) => {
    expect(namesOf(scope, pair)).toEqual(wanted);
  });

  it('finds nothing where a family does not have the scope', () => {
    const models = { encoder, decoder, 'encoder-decoder': pair };
    for (const scope of scopeIds)
      for (const family of ['encoder', 'decoder', 'encoder-decoder'] as const)
        expect(sitesOf(scope, models[family]).length > 0, `${scope} of ${family}`).toBe(
          scopes[scope].families?.includes(family) ?? true,
        );
  });

  it('keeps the order of the model', () => {
    expect(namesOf('mlp', [...encoder].reverse())).toEqual(['output', 'intermediate']);
  });
});

describe('leftOut', () => {
  it.each([encoder, decoder, pair])('is exactly the rest, unclassified layers always among it', (...sites) => {
    for (const scope of scopeIds) {
      const [inside, outside] = [sitesOf(scope, sites), leftOut(scope, sites)];
      expect(new Set([...inside, ...outside]).size).toBe(sites.length);
      expect(inside.length + outside.length).toBe(sites.length);
      expect(outside.map(({ kind }) => kind)).toContain('unclassified');
    }
  });
});

describe('isScopeId', () => {
  it('knows the ids and nothing else', () => {
    expect(scopeIds.every(isScopeId)).toBe(true);
    expect(['block-1', 'block-12.query', 'encoder-block-1', 'decoder-block-2.cross-query'].every(isScopeId)).toBe(true);
    expect(['', 'all', 'toString', '__proto__', null, 3].some(isScopeId)).toBe(false);
  });
});

describe('a block’s scope', () => {
  /** Two blocks with all kinds, and what stands outside the blocks. */
  const deep = (family: FamilyId, stack: Stack, cross = false): Site[] =>
    [0, 1].flatMap((layer) =>
      layers(family, stack, cross ? ['query', 'key', 'value', 'attention-output'] : block, cross).map((site) => ({
        ...site,
        layer,
        name: `${stack} ${layer} ${site.name}`,
      })),
    );
  const outside = { ...encoder.at(-1)!, layer: null, name: 'head' };
  const single = [...deep('encoder', 'encoder'), outside];
  const both = [
    ...deep('encoder-decoder', 'encoder'),
    ...deep('encoder-decoder', 'decoder'),
    ...deep('encoder-decoder', 'decoder', true),
    { ...outside, family: 'encoder-decoder' as const, stack: 'decoder' as const },
  ];
  const kindsOf = (scope: ScopeId, sites: readonly Site[]) => sitesOf(scope, sites).map(({ name }) => name);

  it.each([
    ['block-1', ['query', 'key', 'value', 'attention-output', 'intermediate', 'output']],
    ['block-1.attention', ['query', 'key', 'value', 'attention-output']],
    ['block-1.mlp', ['intermediate', 'output']],
    ['block-1.query', ['query']],
    ['block-1.attention-output', ['attention-output']],
    ['block-1.output', ['output']],
  ] as const)('%s takes that block’s layers alone, whatever the family', (scope, kinds) => {
    expect(kindsOf(scope, single)).toEqual(kinds.map((kind) => `encoder 0 ${kind}`));
    expect(kindsOf(scope, deep('decoder', 'decoder'))).toEqual(kinds.map((kind) => `decoder 0 ${kind}`));
  });

  it.each([
    [
      'encoder-block-2.attention',
      ['encoder 1 query', 'encoder 1 key', 'encoder 1 value', 'encoder 1 attention-output'],
    ],
    ['decoder-block-2.query', ['decoder 1 query']],
    ['decoder-block-2.cross-query', ['decoder 1 cross query']],
    [
      'decoder-block-1.cross-attention',
      ['query', 'key', 'value', 'attention-output'].map((kind) => `decoder 0 cross ${kind}`),
    ],
  ] as const)('%s takes that half’s', (scope, names) => {
    expect(kindsOf(scope, both)).toEqual(names);
    expect(kindsOf(scope, single)).toEqual([]);
  });

  it('takes cross-attention with the whole block, and every layer of every block once', () => {
    expect(kindsOf('decoder-block-1', both)).toHaveLength(block.length - 1 + 4);
    const all = ['encoder', 'decoder'].flatMap((stack) =>
      [1, 2].flatMap((number) => kindsOf(`${stack as Stack}-block-${number}`, both)),
    );
    expect(all.sort()).toEqual(namesOf('overall', both).sort());
    const roles = blockParts
      .filter((part) => !['attention', 'cross-attention', 'mlp'].includes(part))
      .flatMap((part) => kindsOf(`decoder-block-1.${part}`, both));
    expect(roles.sort()).toEqual(kindsOf('decoder-block-1', both).sort());
  });

  it('has no layer in a model that is less deep, nor without its half', () => {
    expect(kindsOf('block-3', single)).toEqual([]);
    expect(kindsOf('block-1', both)).toEqual([]);
  });

  it('has words, and says which families have it', () => {
    expect(scopeOf('block-3').words).toBe('block 3');
    expect(scopeOf('decoder-block-2.cross-query')).toMatchObject({
      label: 'Decoder block 2, cross-attention query',
      families: ['encoder-decoder'],
    });
    const recipe = parseRecipe([{ method: 'rtn', scope: 'block-3.attention-output', bits: 2 }]);
    expect(describeRecipe(recipe)).toContain('block 3, attention output');
  });

  it.each([
    'block-0',
    'block-03',
    'block-1.',
    'block-1.all',
    'block-1.transform',
    'block-1.cross-query',
    'encoder-block-1.cross-attention',
    'blocks-1',
    'block-1 ',
    'block-1000',
    'block-1.constructor',
  ])('is not %s', (id) => {
    expect(isScopeId(id)).toBe(false);
    expect(() => parseRecipe([{ method: 'rtn', scope: id, bits: 2 }])).toThrow(/block-3\.query/);
  });
});
