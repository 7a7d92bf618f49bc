import type { Site, SiteKind } from '../model/site.ts';

/** A named set of sites. Which kinds belong to each is defined by reference.py (paper section 2.2). */
export interface Scope {
  label: string;
  /** The label as it stands within a sentence. */
  words: string;
  help: string;
  kinds: readonly SiteKind[];
}

export type ScopeId = 'overall' | 'attention' | 'feed-forward' | 'attention-block' | 'mlp' | 'decoder';

/** The scopes under their ids, which stand in recipes and links: never renamed. No scope holds unclassified sites. */
export const scopes: Readonly<Record<ScopeId, Scope>> = {
  overall: {
    label: 'Whole model',
    words: 'whole model',
    help: 'Every linear layer but the last one, which turns the result into words.',
    kinds: ['query', 'key', 'value', 'attention-output', 'intermediate', 'output', 'transform'],
  },
  attention: {
    label: 'Attention',
    words: 'attention',
    help: 'Query, key and value of every block. The attention output is left alone, as in the paper.',
    kinds: ['query', 'key', 'value'],
  },
  'feed-forward': {
    label: 'Feed-forward',
    words: 'feed-forward',
    help: 'Intermediate and output layer of every block, and the attention output, which the paper counts in.',
    kinds: ['attention-output', 'intermediate', 'output'],
  },
  'attention-block': {
    label: 'Attention block',
    words: 'attention block',
    help: 'Query, key, value and attention output of every block: all of its attention.',
    kinds: ['query', 'key', 'value', 'attention-output'],
  },
  mlp: {
    label: 'MLP',
    words: 'MLP',
    help: 'Intermediate and output layer of every block, without the attention output.',
    kinds: ['intermediate', 'output'],
  },
  decoder: {
    label: 'Last layer',
    words: 'last layer',
    help: 'Only the layer that turns the result into words. If it shares its weights with the word embedding, that one is left as it was.',
    kinds: ['decoder'],
  },
};

export const scopeIds = Object.keys(scopes) as ScopeId[];

/** Whether a scope of this id exists. */
export function isScopeId(id: unknown): id is ScopeId {
  return typeof id === 'string' && Object.hasOwn(scopes, id);
}

/** The sites of a scope, in the order given (the model's). */
export function sitesOf(scope: ScopeId, sites: readonly Site[]): Site[] {
  return sites.filter((site) => scopes[scope].kinds.includes(site.kind));
}

/** The sites that a scope leaves alone, unclassified ones among them: to be listed, so that nothing is left out unseen. */
export function leftOut(scope: ScopeId, sites: readonly Site[]): Site[] {
  return sites.filter((site) => !scopes[scope].kinds.includes(site.kind));
}
