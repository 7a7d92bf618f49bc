import { expect, test } from 'vitest';
import type { Site, SiteKind, SiteRole, Stack } from '../src/lab/model/site.ts';
import { flopsOf, flopsOfAll } from './flops.ts';

const roles: Partial<Record<SiteKind, SiteRole>> = {
  decoder: 'head',
  transform: 'head',
  intermediate: 'feed-forward',
  output: 'feed-forward',
};

function site(kind: SiteKind, layer: number | null, shape: [number, number], more: Partial<Site> = {}): Site {
  return {
    name: `${layer}.${kind}`,
    kind,
    role: roles[kind] ?? 'attention',
    family: 'encoder',
    stack: 'encoder',
    cross: false,
    layer,
    shape,
    initializer: '',
    node: '',
    input: 1,
    transposed: true,
    dtype: 'float32',
    tied: false,
    ...more,
  };
}

/** A block of width 4 and inner width 6; across: keys and values of width 4 from elsewhere. */
const attention = (layer: number, stack: Stack, cross = false) =>
  (['query', 'key', 'value', 'attention-output'] as const).map((kind) => site(kind, layer, [4, 4], { stack, cross }));
const block = (layer: number, stack: Stack = 'encoder') => [
  ...attention(layer, stack),
  site('intermediate', layer, [6, 4], { stack }),
  site('output', layer, [4, 6], { stack }),
];
const head = (stack: Stack = 'encoder') => site('decoder', null, [10, 4], { stack });

const row = (length: number, picks: number[], target: number | null = null) => ({
  ids: new Array<number>(length).fill(7),
  target: target === null ? null : new Array<number>(target).fill(7),
  picks: picks.map((at) => ({ at, gold: [1] })),
});

test('an encoder: the last block after its keys and values, and the head, are needed at the blank alone', () => {
  const sites = [...block(0), ...block(1), head()];
  const ofBlock = 2 * (4 * 16 + 24 + 24) * 5 + 4 * 5 * 5 * 4;
  const late = 2 * (2 * 16 + 24 + 24) + 4 * 5 * 4 + 2 * 40;
  expect(flopsOf(sites, row(5, [2]))).toEqual({
    written: 2 * ofBlock + 2 * 40 * 5,
    needed: ofBlock + 2 * 2 * 16 * 5 + late,
  });
});

test('reading at every place needs all, and the same place twice only once', () => {
  const sites = [...block(0), head()];
  const all = flopsOf(sites, row(3, [0, 1, 2]));
  expect(all.needed).toBe(all.written);
  expect(flopsOf(sites, row(3, [1, 1]))).toEqual(flopsOf(sites, row(3, [1])));
});

test('query, key and value in one layer are made for every token', () => {
  const sites = [site('query-key-value', 0, [12, 4]), site('attention-output', 0, [4, 4]), head()];
  expect(flopsOf(sites, row(5, [4])).needed).toBe(2 * 48 * 5 + 2 * 16 + 4 * 5 * 4 + 2 * 40);
});

test('two halves: the encoder is needed in full, and cross-attention reads its tokens', () => {
  const decoder = [...attention(0, 'decoder'), ...attention(0, 'decoder', true)];
  const sites = [...block(0), ...decoder, head('decoder')];
  const encoder = 2 * (4 * 16 + 48) * 5 + 4 * 5 * 5 * 4;
  const own = 2 * 4 * 16 * 2 + 4 * 2 * 2 * 4;
  const across = 2 * 2 * 16 * 5 + 2 * 2 * 16 * 2 + 4 * 2 * 5 * 4;
  expect(flopsOf(sites, row(5, [0, 1], 2))).toEqual({
    written: encoder + own + across + 2 * 40 * 2,
    needed: encoder + own + across + 2 * 40 * 2,
  });
  const late = 2 * 2 * 16 * 2 + 2 * 2 * 16 + 4 * 2 * 4 + 2 * 2 * 16 * 5 + 2 * 2 * 16 + 4 * 5 * 4 + 2 * 40;
  expect(flopsOf(sites, row(5, [1], 2)).needed).toBe(encoder + late);
});

test('several texts add up; a model without a head is refused', () => {
  const sites = [...block(0), head()];
  const [a, b] = [row(3, [0]), row(4, [1])];
  expect(flopsOfAll(sites, [a, b]).needed).toBe(flopsOf(sites, a).needed + flopsOf(sites, b).needed);
  expect(() => flopsOf(block(0), a)).toThrow('logits');
});
