import { expect, type Page, test } from '@playwright/test';
import { build, type Rolldown } from 'vite';
import type { compareWeights, rankSome } from './gpu/kernels.ts';

/** What e2e/gpu/kernels.ts leaves in the page. */
declare const kernels: { compareWeights: typeof compareWeights; rankSome: typeof rankSome };

let code = '';

test.beforeAll(async () => {
  const result = (await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, rollupOptions: { input: 'e2e/gpu/kernels.ts' } },
  })) as Rolldown.RolldownOutput;
  code = result.output[0].code;
});

async function open(page: Page): Promise<void> {
  // Any page of this origin, without the lab: WebGPU wants a secure one.
  await page.goto('./favicon.svg');
  await page.evaluate(`(async () => { ${code} })()`);
}

const shapes: [number, number][] = [
  [64, 48],
  [33, 96],
  [128, 32],
];
const magnitude = (sparsity: number, more = {}) => ({ method: 'magnitude-global', sparsity, ...more });

for (const coarse of [false, true])
  test(`weights are pruned on the GPU to the bit, ${coarse ? 'many equal ones' : 'all different'} @webgpu`, async ({
    page,
  }) => {
    await open(page);
    const recipes = [
      ...[0, 0.001, 0.1, 0.5, 0.97, 1].map((sparsity) => [magnitude(sparsity)]),
      [{ method: 'magnitude-layer', sparsity: 0.3 }],
      [magnitude(0.5)],
      [],
      ...[
        [1, 4],
        [2, 4],
        [3, 8],
        [1, 16],
      ].map(([n, m]) => [{ method: 'magnitude-n-m', n, m }]),
      [magnitude(0.2), { method: 'magnitude-n-m', n: 3, m: 4 }],
      [{ method: 'magnitude-n-m', n: 3, m: 4 }, magnitude(0.6), magnitude(0.7)],
    ];
    const found = await page.evaluate(([recipes, shapes, coarse]) => kernels.compareWeights(recipes, shapes, coarse), [
      recipes,
      shapes,
      coarse,
    ] as const);
    expect(found.map(({ recipe, different }) => [recipe, different])).toEqual(
      recipes.map((recipe) => [JSON.stringify(recipe), 0]),
    );
    expect(found[3].zeros).toBe(Math.round(found[3].values / 2));
  });

for (const coarse of [false, true])
  test(`weights are rounded on the GPU to the bit, ${coarse ? 'many of them between two levels' : 'drawn at random'} @webgpu`, async ({
    page,
  }) => {
    await open(page);
    const recipes = [2, 3, 4, 8].flatMap((bits) =>
      ['symmetric', 'asymmetric'].flatMap((scheme) =>
        ['tensor', 'channel', 'group-16'].map((granularity) => [{ method: 'rtn', bits, scheme, granularity }]),
      ),
    );
    const more = [
      [magnitude(0.5), { method: 'rtn', bits: 4 }],
      [{ method: 'rtn', bits: 3 }, magnitude(0.5)],
    ];
    const found = await page.evaluate(([recipes, shapes, coarse]) => kernels.compareWeights(recipes, shapes, coarse), [
      [...recipes, ...more],
      shapes,
      coarse,
    ] as const);
    expect(found.map(({ recipe, different }) => [recipe, different])).toEqual(
      [...recipes, ...more].map((recipe) => [JSON.stringify(recipe), 0]),
    );
  });

test('words are ranked on the GPU as in a graph: ties, and what is not finite @webgpu', async ({ page }) => {
  await open(page);
  const words = 700;
  const logits = Array.from({ length: 4 }, (_, pick) =>
    Array.from({ length: words }, (_, word) => Math.sin(word * 12.9898 + pick) * 4),
  );
  // Ties at the top, and below the ten that come out.
  for (const word of [650, 30, 300]) logits[1][word] = 9;
  for (const word of [5, 6, 7]) logits[2][word] = -2;
  const gold = [
    [3, 4],
    [300, 650],
    [6, 6],
    [8, 8],
  ];
  const answer = await page.evaluate(([logits, gold]) => kernels.rankSome(logits, gold), [logits, gold] as const);
  logits.forEach((row, pick) => {
    const sorted = row
      .map((value, word) => ({ value: Math.fround(value), word }))
      .sort((a, b) => b.value - a.value || a.word - b.word);
    expect(answer.topIds.slice(pick * 10, pick * 10 + 10)).toEqual(sorted.slice(0, 10).map(({ word }) => word));
    expect(answer.topValues.slice(pick * 10, pick * 10 + 10)).toEqual(sorted.slice(0, 10).map(({ value }) => value));
    const best = Math.max(...gold[pick].map((word) => Math.fround(row[word])));
    expect(answer.atLeast[pick]).toBe(row.filter((value) => Math.fround(value) >= best).length);
    expect(answer.goldLogits.slice(pick * 2, pick * 2 + 2)).toEqual(gold[pick].map((word) => Math.fround(row[word])));
    expect(answer.logSumExp[pick]).toBeCloseTo(Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0)), 4);
  });
});
