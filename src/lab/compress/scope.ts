import { type FamilyScope, type FamilyScopeId, families, familyIds, hasHalves } from '../family/index.ts';
import type { FamilyId, Site, SiteKind } from '../model/site.ts';

/** A named set of sites. Which belong to each is defined by the paper's code and the PyTorch reference. */
export interface Scope {
  label: string;
  /** The label as it stands within a sentence. */
  words: string;
  help: string;
  /** The families that have it; all of them, if not given. */
  families?: readonly FamilyId[];
  includes(site: Site): boolean;
}

/** The scopes that every model has. */
type CommonScopeId = 'overall' | 'attention' | 'feed-forward' | 'attention-block' | 'mlp' | 'decoder';

/** The scopes that every model of a family has, whatever its depth: those that menus offer. */
export type NamedScopeId = CommonScopeId | FamilyScopeId;

/** What of a block a scope takes: attention to its own half, attention to the other half, the feed-forward layers, or a role. */
export type BlockPart =
  | 'attention'
  | 'cross-attention'
  | 'mlp'
  | Exclude<SiteKind, 'transform' | 'decoder' | 'unclassified'>
  | `cross-${'query' | 'key' | 'value' | 'query-key-value' | 'attention-output'}`;

/**
 * One block, or a part of it: `block-3`, `block-3.attention`, `block-3.query`. Blocks count from 1, as in words. In an
 * encoder-decoder the half comes first: `encoder-block-3.query`, `decoder-block-3.cross-query`.
 */
export type BlockScopeId = `${'' | 'encoder-' | 'decoder-'}block-${number}${'' | `.${BlockPart}`}`;

export type ScopeId = NamedScopeId | BlockScopeId;

const among =
  (...kinds: SiteKind[]) =>
  ({ kind }: Site) =>
    kinds.includes(kind);
const attention = among('query', 'key', 'value', 'query-key-value', 'attention-output');
const mlp = among('gate', 'intermediate', 'output');
/** The attention output of some families counts as feed-forward, as in the paper. */
const isMovedOutput = ({ kind, family }: Site) =>
  kind === 'attention-output' && families[family].attentionOutput === 'feed-forward';
const familiesWith = (isWanted: (id: FamilyId) => boolean) => familyIds.filter(isWanted);

/** What a family's own scope covers, in models of the families that have it. */
function scopeFrom(id: string, { layers, stack, cross, ...words }: FamilyScope): Scope {
  const having = familiesWith((family) => Object.hasOwn(families[family].scopes, id));
  return {
    ...words,
    families: having,
    includes: (site) =>
      having.includes(site.family) &&
      ((attention(site) && layers.includes('attention')) || (mlp(site) && layers.includes('feed-forward'))) &&
      (stack === undefined || site.stack === stack) &&
      (cross === undefined || site.cross === cross),
  };
}

const familyScopes = Object.fromEntries(
  familyIds
    .flatMap((family) => Object.entries(families[family].scopes))
    .map(([id, scope]) => [id, scopeFrom(id, scope)]),
) as Record<FamilyScopeId, Scope>;

/** The scopes under their ids, which stand in recipes and links: never renamed. No scope holds unclassified sites. */
export const scopes: Readonly<Record<NamedScopeId, Scope>> = {
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
    includes: (site) => attention(site) && !isMovedOutput(site),
  },
  'feed-forward': {
    label: 'Feed-forward',
    words: 'feed-forward',
    help: 'The feed-forward layers of every block; in an encoder the attention output too, which the paper counts in.',
    includes: (site) => mlp(site) || isMovedOutput(site),
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
  ...familyScopes,
  decoder: {
    label: 'Last layer',
    words: 'last layer',
    help: 'Only the layer that turns the result into words. If it shares its weights with the word embedding, that one is left as it was.',
    includes: among('decoder'),
  },
};

export const scopeIds = Object.keys(scopes) as NamedScopeId[];

/** What a block's layers are called. */
export const roles: Readonly<Record<Exclude<SiteKind, 'transform' | 'decoder' | 'unclassified'>, string>> = {
  query: 'query',
  key: 'key',
  value: 'value',
  'query-key-value': 'query, key and value',
  'attention-output': 'attention output',
  gate: 'feed-forward gate',
  intermediate: 'feed-forward in',
  output: 'feed-forward out',
};
const attentionRoles = ['query', 'key', 'value', 'query-key-value', 'attention-output'] as const;

/** What a part takes of a block's sites, and its words; `cross` where only blocks that attend to another half have it. */
interface Part {
  words: string;
  cross: boolean;
  includes(site: Site): boolean;
}

const parts: ReadonlyMap<string, Part> = new Map([
  ['attention', { words: 'attention', cross: false, includes: (site) => attention(site) && !site.cross }],
  ['cross-attention', { words: 'cross-attention', cross: true, includes: (site) => attention(site) && site.cross }],
  ['mlp', { words: 'feed-forward', cross: false, includes: mlp }],
  ...Object.entries(roles).map(([role, words]): [string, Part] => [
    role,
    { words, cross: false, includes: ({ kind, cross }) => kind === role && !cross },
  ]),
  ...attentionRoles.map((role): [string, Part] => [
    `cross-${role}`,
    { words: `cross-attention ${roles[role]}`, cross: true, includes: ({ kind, cross }) => kind === role && cross },
  ]),
]);

/** The parts that a block may have, coarse ones first. */
export const blockParts = [...parts.keys()] as BlockPart[];

const blockPattern = /^(?:(encoder|decoder)-)?block-([1-9]\d{0,2})(?:\.([a-z-]+))?$/;

function blockScope(id: string): Scope | undefined {
  const match = blockPattern.exec(id);
  if (!match) return undefined;
  const [, stack, number, name] = match;
  const part = name === undefined ? null : parts.get(name);
  if (part === undefined || (part?.cross && stack !== 'decoder')) return undefined;
  const layer = Number(number) - 1;
  const block = `${stack ? `${stack} ` : ''}block ${number}`;
  const words = part ? `${block}, ${part.words}` : block;
  return {
    label: `${words[0].toUpperCase()}${words.slice(1)}`,
    words,
    help: `Only ${part ? `${part.words} of ` : ''}${block}; all other layers stay as they are.`,
    families: familiesWith((id) => hasHalves(families[id]) === (stack !== undefined)),
    includes: (site) =>
      site.layer === layer &&
      (hasHalves(families[site.family]) ? site.stack === stack : stack === undefined) &&
      (part ? part.includes(site) : attention(site) || mlp(site)),
  };
}

/** What is known of a scope. */
export function scopeOf(id: ScopeId): Scope {
  return Object.hasOwn(scopes, id) ? scopes[id as NamedScopeId] : blockScope(id)!;
}

/** How scopes may be written, for whoever wrote another. */
export const scopeForms = `${scopeIds.join(', ')}, or one block or a part of it, such as block-3 or block-3.query (in an encoder-decoder encoder-block-3, decoder-block-3.cross-query)`;

/** Whether a scope of this id exists. A block's may still have no layer in a model that is less deep. */
export function isScopeId(id: unknown): id is ScopeId {
  return typeof id === 'string' && (Object.hasOwn(scopes, id) || blockScope(id) !== undefined);
}

/** The sites of a scope, in the order given (the model's). */
export function sitesOf(scope: ScopeId, sites: readonly Site[]): Site[] {
  const { includes } = scopeOf(scope);
  return sites.filter(includes);
}

/** The sites that a scope leaves alone, unclassified ones among them: to be listed, so that nothing is left out unseen. */
export function leftOut(scope: ScopeId, sites: readonly Site[]): Site[] {
  const { includes } = scopeOf(scope);
  return sites.filter((site) => !includes(site));
}
