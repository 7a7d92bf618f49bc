import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseRecipe } from '../compress/recipe.ts';
import { engineRevision, type ResultSetting, resultKey } from './key.ts';

const setting: ResultSetting = {
  model: { sha256: 'a1', tokenizerSha256: 'b2' },
  suite: { sha256: 'c3' },
  template: 'seen',
  recipe: parseRecipe([
    { method: 'magnitude-global', sparsity: 0.3 },
    { method: 'rtn', bits: 5 },
  ]),
};
const [prune, round] = setting.recipe;

describe('resultKey', () => {
  it.each<[string, Partial<ResultSetting>]>([
    ['model', { model: { ...setting.model, sha256: 'a2' } }],
    ['tokenizer', { model: { ...setting.model, tokenizerSha256: 'b1' } }],
    ['suite', { suite: { sha256: 'c2' } }],
    ['template', { template: 'paraphrase' }],
    ['parameter', { recipe: parseRecipe([prune, { ...round, bits: 6 }]) }],
    ['scope', { recipe: parseRecipe([prune, { ...round, scope: 'mlp' }]) }],
    ['order of steps', { recipe: [round, prune] }],
    ['number of steps', { recipe: [prune] }],
    ['choice of answers', { answers: 'any' }],
  ])('is another one for another %s', (_, change) => {
    expect(resultKey({ ...setting, ...change })).not.toBe(resultKey(setting));
  });

  it('does not mix up model and tokenizer, or tokenizer and suite', () => {
    const swapped = { sha256: setting.model.tokenizerSha256, tokenizerSha256: setting.model.sha256 };
    expect(resultKey({ ...setting, model: swapped })).not.toBe(resultKey(setting));
  });

  it('is the same where the usual answers are named', () => {
    expect(resultKey({ ...setting, answers: 'single-token' })).toBe(resultKey(setting));
  });

  it('does not depend on the order of keys', () => {
    const reverse = <T extends object>(value: T) => Object.fromEntries(Object.entries(value).reverse()) as T;
    const turned = reverse({ ...setting, model: reverse(setting.model), recipe: setting.recipe.map(reverse) });
    expect(JSON.stringify(turned)).not.toBe(JSON.stringify(setting));
    expect(resultKey(turned)).toBe(resultKey(setting));
  });

  it('does not depend on what else is known of the model and the suite', () => {
    const named = { ...setting, model: { ...setting.model, name: 'x' }, suite: { ...setting.suite, title: 'y' } };
    expect(resultKey(named)).toBe(resultKey(setting));
  });

  it('is the SHA-256 of canonical JSON, scoring and engine revision included', () => {
    const text =
      `{"engine":${engineRevision},"model":"a1","recipe":[{"method":"magnitude-global","scope":"overall",` +
      '"sparsity":0.3},{"bits":5,"clipping":"minmax","granularity":"channel","method":"rtn","percentile":99.9,' +
      '"scheme":"symmetric","scope":"overall"}],' +
      '"scoring":{"answers":"single-token","choice":"log-likelihood","fact":"worst-token-rank","ties":"against",' +
      '"topK":5},"suite":"c3","template":"seen","tokenizer":"b2"}';
    expect(resultKey(setting)).toBe(createHash('sha256').update(text).digest('hex'));
  });
});
