import { describe, expect, it } from 'vitest';
import { LabError } from '../errors.ts';
import type { SiteKind, SiteWeights } from '../model/site.ts';
import { makeMatrix } from '../test/matrices.ts';
import { methodList } from './methods/index.ts';
import { applyRecipe, describeRecipe, maxSteps, parseRecipe } from './recipe.ts';

const ids = methodList.map(({ id }) => id).join(', ');

function fault(input: unknown): string {
  try {
    parseRecipe(input);
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).kind).toBe('bad-recipe');
    expect((error as LabError).advice).not.toBe('');
    return (error as LabError).message;
  }
  throw new Error('the recipe was accepted');
}

function weights(name: string, kind: SiteKind, rows: number[][]): SiteWeights {
  const { site, values } = makeMatrix(rows, name, { kind });
  return { site, values };
}

const model = () => [
  weights('query', 'query', [[1, -2, 3, 4]]),
  weights('strange', 'unclassified', [[0.1, 0.1, 0.1, 0.1]]),
  weights('output', 'output', [[10, 0.5, -7, 6]]),
  weights('decoder', 'decoder', [[0.2, 0.2, 0.2, 0.2]]),
];

describe('parseRecipe', () => {
  it('fills in what is missing, in one order', () => {
    const recipe = parseRecipe([{ method: 'rtn' }, { sparsity: 0.3, method: 'magnitude-global', scope: 'mlp' }]);
    expect(JSON.stringify(recipe)).toBe(
      '[{"method":"rtn","scope":"overall","bits":4,"scheme":"symmetric","granularity":"channel",' +
        '"clipping":"minmax","percentile":99.9},' +
        '{"method":"magnitude-global","scope":"mlp","sparsity":0.3}]',
    );
    expect(parseRecipe(recipe)).toEqual(recipe);
  });

  it('takes no steps as the uncompressed model', () => expect(parseRecipe([])).toEqual([]));

  it.each([
    [
      [{ method: 'magnitude-global', sparsity: 1.5 }],
      'Step 1 (magnitude-global): sparsity is 1.5; allowed: a number from 0 to 1.',
    ],
    [
      [{ method: 'magnitude-global', sparsity: '0.5' }],
      'Step 1 (magnitude-global): sparsity is "0.5"; allowed: a number from 0 to 1.',
    ],
    [
      [{ method: 'magnitude-layer', sparsity: Number.NaN }],
      'Step 1 (magnitude-layer): sparsity is NaN; allowed: a number from 0 to 1.',
    ],
    [
      [{ method: 'magnitude-layer', sparsity: null }],
      'Step 1 (magnitude-layer): sparsity is null; allowed: a number from 0 to 1.',
    ],
    [
      [{ method: 'rtn' }, { method: 'rtn', bits: 2.5 }],
      'Step 2 (rtn): bits is 2.5; allowed: a whole number from 2 to 8.',
    ],
    [[{ method: 'rtn', scheme: 'both' }], 'Step 1 (rtn): scheme is "both"; allowed: symmetric, asymmetric.'],
    [
      [{ method: 'rtn', granularity: 'group-1' }],
      'Step 1 (rtn): granularity is "group-1"; allowed: tensor, channel, or group-N with N of 2 or more (such as group-64).',
    ],
    [
      [{ method: 'magnitude-n-m', n: 5 }],
      'Step 1 (magnitude-n-m): n is 5; allowed: a whole number from 1 to m, the group size.',
    ],
    [
      [{ method: 'rtn', bit: 3 }],
      'Step 1 (rtn) has no parameter "bit"; allowed are method, scope, bits, scheme, granularity, clipping, percentile.',
    ],
    [[{ method: 'gzip' }], `Step 1: method is "gzip"; allowed: ${ids}.`],
    [[{ method: 'toString' }], `Step 1: method is "toString"; allowed: ${ids}.`],
    [[{ bits: 3 }], `Step 1: method is missing; allowed: ${ids}.`],
    [
      [{ method: 'rtn', scope: 'all' }],
      'Step 1 (rtn): scope is "all"; allowed: overall, attention, feed-forward, attention-block, mlp, ' +
        'encoder-attention, decoder-attention, cross-attention, encoder, decoder-stack, decoder, or one block or a part ' +
        'of it, such as block-3 or block-3.query (in an encoder-decoder encoder-block-3, decoder-block-3.cross-query).',
    ],
    [[[]], 'Step 1 is a list; allowed is an object with a method, a scope and parameters.'],
    [[{ method: 'rtn' }, null], 'Step 2 is null; allowed is an object with a method, a scope and parameters.'],
    [{ method: 'rtn' }, 'The recipe is an object; allowed is a list of steps.'],
    ['[]', 'The recipe is "[]"; allowed is a list of steps.'],
    [undefined, 'The recipe is undefined; allowed is a list of steps.'],
  ])('says what is wrong with %j', (input, message) => expect(fault(input)).toBe(message));

  it('takes eight steps and not nine', () => {
    expect(parseRecipe(Array(maxSteps).fill({ method: 'rtn' }))).toHaveLength(8);
    expect(fault(Array(maxSteps + 1).fill({ method: 'rtn' }))).toBe('The recipe has 9 steps; allowed are at most 8.');
  });

  it('shortens what it quotes', () => expect(fault('x'.repeat(10_000)).length).toBeLessThan(120));

  it('is not fooled by a key named __proto__', () => {
    expect(fault(JSON.parse('[{"method":"rtn","__proto__":{"bits":2}}]'))).toContain('has no parameter "__proto__"');
  });
});

describe('describeRecipe', () => {
  const describeSteps = (...steps: unknown[]) => describeRecipe(parseRecipe(steps));

  it('names the scope where it changes', () => {
    expect(describeSteps({ method: 'magnitude-global' }, { method: 'rtn' })).toBe(
      '50 % of the weights removed (magnitude, whole model), then 4-bit rounding (per output row)',
    );
    expect(
      describeSteps(
        { method: 'magnitude-layer', sparsity: 0.55, scope: 'attention' },
        { method: 'rtn', bits: 3, granularity: 'group-64', scheme: 'asymmetric', scope: 'mlp' },
      ),
    ).toBe(
      '55 % of every matrix removed (magnitude, attention), then 3-bit rounding (per group of 64 inputs, asymmetric, MLP)',
    );
    expect(describeSteps({ method: 'magnitude-n-m', scope: 'decoder' }, { method: 'rtn', granularity: 'tensor' })).toBe(
      '2 of every 4 weights kept (magnitude, last layer), then 4-bit rounding (per matrix, whole model)',
    );
  });

  it('calls no steps uncompressed', () => expect(describeSteps()).toBe('uncompressed'));
});

describe('applyRecipe', () => {
  const run = (steps: unknown, other = 0) => {
    const { matrices, report } = applyRecipe(model(), parseRecipe(steps), { otherBytes: other });
    return { values: Object.fromEntries(matrices.map((m) => [m.site.name, [...m.values].map((x) => x + 0)])), report };
  };

  it('leaves the model as it is without steps', () => {
    const { values, report } = run([], 10);
    expect(values).toEqual({});
    expect(report).toMatchObject({
      sites: [],
      touched: null,
      total: { parameters: 16, bytes: { dense: 42, smallest: 42 } },
    });
  });

  it('touches the scope and nothing else', () => {
    const { values, report } = run([{ method: 'magnitude-global', sparsity: 0.5 }]);
    expect(values).toEqual({ query: [0, 0, 0, 4], output: [10, 0, -7, 6] });
    expect(report.sites.map((site) => site.name)).toEqual(['query', 'output']);
    expect(report.touched?.sparsity).toBe(0.5);
    expect(report.total.sparsity).toBe(0.25);
  });

  it('keeps the order of steps, which matters', () => {
    const prune = { method: 'magnitude-global', scope: 'mlp', sparsity: 0.75 };
    const round = { method: 'rtn', scope: 'mlp', bits: 2, scheme: 'symmetric', granularity: 'tensor' };
    // Rounded first, [10, 0, -10, 10] has ties, of which the lowest index goes; pruned first, only the 10 is left.
    expect(run([prune, round]).values).toEqual({ output: [10, 0, 0, 0] });
    expect(run([round, prune]).values).toEqual({ output: [0, 0, 0, 10] });
  });

  it('applies scopes that overlap one after the other', () => {
    const { values } = run([
      { method: 'magnitude-layer', scope: 'attention', sparsity: 0.5 },
      { method: 'magnitude-global', scope: 'overall', sparsity: 0.5 },
    ]);
    expect(values).toEqual({ query: [0, 0, 0, 4], output: [10, 0, -7, 6] });
  });

  it('hands back no matrix that no step replaced, but reports it', () => {
    const { values, report } = run([{ method: 'magnitude-global', scope: 'mlp', sparsity: 0 }]);
    expect(values).toEqual({});
    expect(report.touched).toMatchObject({ parameters: 4, zeros: 0, snrDb: null });
  });

  it('leaves its input alone', () => {
    const given = model();
    for (const method of ['magnitude-global', 'magnitude-layer', 'magnitude-n-m', 'rtn'])
      applyRecipe(given, parseRecipe([{ method }, { method }]));
    expect(given).toEqual(model());
  });

  it('prunes, packs and rounds at once', () => {
    const { report } = run([{ method: 'magnitude-n-m' }, { method: 'rtn', granularity: 'tensor' }]);
    // 2 slots of 4 + 2 bits and a scale of 16 bits.
    expect(report.sites[0].bytes.nm).toBe(4);
    expect(report.sites[0].bitsPerWeight).toBe(4 + 16 / 4);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('says which step has nothing to work on', () => {
    const steps = parseRecipe([
      { method: 'rtn', scope: 'mlp' },
      { method: 'rtn', scope: 'attention' },
    ]);
    expect(() => applyRecipe(model().slice(1), steps)).toThrow(
      expect.objectContaining({
        kind: 'bad-recipe',
        message: expect.stringContaining('Step 2 (rtn): this model has no layer in the scope attention'),
      }),
    );
  });
});
