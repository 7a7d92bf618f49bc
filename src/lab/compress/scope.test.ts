import { describe, expect, it } from 'vitest';
import type { SiteKind } from '../model/site.ts';
import { makeSite } from './fixture.ts';
import { isScopeId, leftOut, scopeIds, sitesOf } from './scope.ts';

const kinds: SiteKind[] = [
  'query',
  'key',
  'value',
  'attention-output',
  'intermediate',
  'unclassified',
  'output',
  'transform',
  'decoder',
];
const sites = kinds.map((kind) => makeSite(`the ${kind}`, 1, 1, { kind }));

describe('sitesOf', () => {
  it.each([
    ['overall', ['query', 'key', 'value', 'attention-output', 'intermediate', 'output', 'transform']],
    ['attention', ['query', 'key', 'value']],
    ['feed-forward', ['attention-output', 'intermediate', 'output']],
    ['attention-block', ['query', 'key', 'value', 'attention-output']],
    ['mlp', ['intermediate', 'output']],
    ['decoder', ['decoder']],
  ] as const)('finds the layers of %s as the reference does', (scope, wanted) => {
    expect(sitesOf(scope, sites).map((site) => site.kind)).toEqual(wanted);
  });

  it('keeps the order of the model', () => {
    expect(sitesOf('mlp', [...sites].reverse()).map((site) => site.kind)).toEqual(['output', 'intermediate']);
  });
});

describe('leftOut', () => {
  it('is exactly the rest', () => {
    for (const scope of scopeIds) {
      const both = new Set([...sitesOf(scope, sites), ...leftOut(scope, sites)]);
      expect(both.size).toBe(sites.length);
      expect(sitesOf(scope, sites).length + leftOut(scope, sites).length).toBe(sites.length);
    }
  });

  it('lists unclassified layers for every scope', () => {
    for (const scope of scopeIds) expect(leftOut(scope, sites).map((site) => site.kind)).toContain('unclassified');
  });
});

describe('isScopeId', () => {
  it('knows the ids and nothing else', () => {
    expect(scopeIds.every(isScopeId)).toBe(true);
    expect(['', 'all', 'toString', '__proto__', null, 3].some(isScopeId)).toBe(false);
  });
});
