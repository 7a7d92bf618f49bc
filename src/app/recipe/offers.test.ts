import { describe, expect, it } from 'vitest';
import { scopeIds, scopes } from '../../lab/compress/scope.ts';
import { modelOf, models, pickModel, suites } from '../shipped.ts';
import { defaultChoice } from './curve.ts';
import { hasScope, scopesOf, withModel, withSuite } from './offers.ts';

const onCross = { ...defaultChoice, steps: [{ ...defaultChoice.steps[0], scope: 'cross-attention' }] };

describe('what is shipped', () => {
  it('has a model and a suite to begin with', () => {
    expect(modelOf(defaultChoice.model)).toBeDefined();
    expect(suites.find(({ id }) => id === defaultChoice.suite)?.kind).toBe('facts');
  });

  it('begins with the small model as soon as there is one', () => {
    const mini = { ...models[0], id: 'bert-mini' };
    expect(pickModel(['bert-mini', 'bert-small'], [...models, mini])).toBe('bert-mini');
    expect(pickModel(['bert-mini', 'bert-small'], [{ ...mini, id: 'bert-small' }])).toBe('bert-small');
    expect(pickModel(['none'], [mini])).toBe('bert-mini');
  });
});

describe('scopes', () => {
  it('are offered to the families that have their layers', () => {
    expect(hasScope('cross-attention', 'encoder-decoder')).toBe(true);
    expect(hasScope('cross-attention', 'encoder')).toBe(false);
    expect(hasScope('overall', 'decoder')).toBe(true);
    expect(hasScope('toString', 'decoder')).toBe(false);
    expect(hasScope('block-2.query', 'encoder')).toBe(true);
    expect(hasScope('block-2.query', 'encoder-decoder')).toBe(false);
    expect(hasScope('decoder-block-2.cross-query', 'encoder-decoder')).toBe(true);
    expect(scopesOf('encoder-decoder')).toEqual(scopeIds);
    expect(scopesOf('encoder')).toEqual(scopeIds.filter((id) => scopes[id].families === undefined));
  });
});

describe('another model', () => {
  it('keeps the steps where its family has the layers', () => {
    const next = withModel(onCross, { id: 't5', family: 'encoder-decoder' });
    expect(next).toEqual({ ...onCross, model: 't5' });
  });

  it('compresses the whole model where it has not', () => {
    expect(withModel(onCross, { id: 'gpt', family: 'decoder' }).steps[0].scope).toBe('overall');
  });
});

describe('another suite', () => {
  it('is asked in the same wording where it has it, otherwise in its own first one', () => {
    const held = { ...defaultChoice, template: 'held-out' as const };
    expect(withSuite(held, { id: 'more', wordings: ['seen', 'held-out'] })).toMatchObject({ template: 'held-out' });
    expect(withSuite(held, { id: 'tasks', wordings: ['given'] })).toMatchObject({ suite: 'tasks', template: 'given' });
  });
});
