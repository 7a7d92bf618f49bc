import type { FamilyId, Site, SiteKind } from '../model/site.ts';

/** A named set of sites. Which belong to each is defined by the paper (section 2.2) and the PyTorch reference. */
export interface Scope {
  label: string;
  /** The label as it stands within a sentence. */
  words: string;
  help: string;
  /** The families that have it; all of them, if not given. */
  families?: readonly FamilyId[];
  includes(site: Site): boolean;
}

export type ScopeId =
  | 'overall'
  | 'attention'
  | 'feed-forward'
  | 'attention-block'
  | 'mlp'
  | 'encoder-attention'
  | 'decoder-attention'
  | 'cross-attention'
  | 'encoder'
  | 'decoder-stack'
  | 'decoder';

const among =
  (...kinds: SiteKind[]) =>
  ({ kind }: Site) =>
    kinds.includes(kind);
const attention = among('query', 'key', 'value', 'query-key-value', 'attention-output');
const mlp = among('gate', 'intermediate', 'output');
const isPair: readonly FamilyId[] = ['encoder-decoder'];

/** The scopes under their ids, which stand in recipes and links: never renamed. No scope holds unclassified sites. */
export const scopes: Readonly<Record<ScopeId, Scope>> = {
  overall: {
    label: 'Whole model',
    words: 'whole model',
    help: 'Every linear layer but the last one, which turns the result into words.',
    includes: (site) => attention(site) || mlp(site) || site.kind === 'transform',
  },
  attention: {
    label: 'Attention',
    words: 'attention',
    help: 'All of attention; in an encoder only query, key and value of every block, and not its output, as in the paper.',
    includes: (site) => attention(site) && !(site.family === 'encoder' && site.kind === 'attention-output'),
  },
  'feed-forward': {
    label: 'Feed-forward',
    words: 'feed-forward',
    help: 'The feed-forward layers of every block; in an encoder the attention output too, which the paper counts in.',
    includes: (site) => mlp(site) || (site.family === 'encoder' && site.kind === 'attention-output'),
  },
  'attention-block': {
    label: 'Attention block',
    words: 'attention block',
    help: 'Query, key, value and attention output of every block: all of its attention, whatever the family.',
    includes: attention,
  },
  mlp: {
    label: 'MLP',
    words: 'MLP',
    help: 'The feed-forward layers of every block alone, whatever the family.',
    includes: mlp,
  },
  'encoder-attention': {
    label: 'Encoder’s attention',
    words: 'encoder’s attention',
    help: 'The attention of the half that reads.',
    families: isPair,
    includes: (site) => attention(site) && site.family === 'encoder-decoder' && site.stack === 'encoder',
  },
  'decoder-attention': {
    label: 'Decoder’s self-attention',
    words: 'decoder’s self-attention',
    help: 'The attention of the half that writes, to what it wrote.',
    families: isPair,
    includes: (site) => attention(site) && site.family === 'encoder-decoder' && site.stack === 'decoder' && !site.cross,
  },
  'cross-attention': {
    label: 'Cross-attention',
    words: 'cross-attention',
    help: 'The attention of the half that writes, to what the other half read.',
    families: isPair,
    includes: (site) => attention(site) && site.cross,
  },
  encoder: {
    label: 'Encoder half',
    words: 'encoder half',
    help: 'Every linear layer of the half that reads.',
    families: isPair,
    includes: (site) => (attention(site) || mlp(site)) && site.family === 'encoder-decoder' && site.stack === 'encoder',
  },
  'decoder-stack': {
    label: 'Decoder half',
    words: 'decoder half',
    help: 'Every linear layer of the half that writes, but the last one, which turns the result into words.',
    families: isPair,
    includes: (site) => (attention(site) || mlp(site)) && site.family === 'encoder-decoder' && site.stack === 'decoder',
  },
  decoder: {
    label: 'Last layer',
    words: 'last layer',
    help: 'Only the layer that turns the result into words. If it shares its weights with the word embedding, that one is left as it was.',
    includes: among('decoder'),
  },
};

export const scopeIds = Object.keys(scopes) as ScopeId[];

/** Whether a scope of this id exists. */
export function isScopeId(id: unknown): id is ScopeId {
  return typeof id === 'string' && Object.hasOwn(scopes, id);
}

/** The sites of a scope, in the order given (the model's). */
export function sitesOf(scope: ScopeId, sites: readonly Site[]): Site[] {
  return sites.filter((site) => scopes[scope].includes(site));
}

/** The sites that a scope leaves alone, unclassified ones among them: to be listed, so that nothing is left out unseen. */
export function leftOut(scope: ScopeId, sites: readonly Site[]): Site[] {
  return sites.filter((site) => !scopes[scope].includes(site));
}
