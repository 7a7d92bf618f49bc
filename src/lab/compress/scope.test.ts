import { describe, expect, it } from 'vitest';
import type { FamilyId, Site, SiteKind, Stack } from '../model/site.ts';
import { makeSite } from './fixture.ts';
import { isScopeId, leftOut, type ScopeId, scopeIds, scopes, sitesOf } from './scope.ts';

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
    expect(['', 'all', 'toString', '__proto__', null, 3].some(isScopeId)).toBe(false);
  });
});
