import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MethodId, methodList } from '../../../lab/compress/methods/index.ts';
import type { ScopeId } from '../../../lab/compress/scope.ts';
import { sampleSizes } from '../../link/sample-sizes.ts';
import { usePage, viewOfAddress } from '../../page/page.ts';
import { models, suites } from '../../shipped.ts';
import { failure } from '../../test/fixture.ts';
import { expectSoundLinks } from '../../test/links.ts';
import { errors, type LayersChoice, readLayersLink, recipeOf, startOf, writeLayersLink } from './layers-choice.ts';

const cellsOf = (family: string): ScopeId[] =>
  family === 'encoder-decoder'
    ? ['overall', 'encoder-block-2', 'decoder-block-1.cross-query']
    : ['overall', 'decoder', 'block-3', 'block-1.attention'];

const choices: fc.Arbitrary<LayersChoice> = fc
  .tuple(fc.constantFrom(...models), fc.constantFrom(...suites), fc.constantFrom(...methodList))
  .chain(([model, suite, method]) =>
    fc.record({
      model: fc.constant(model.id),
      suite: fc.constant(suite.id),
      template: fc.constantFrom(...suite.wordings),
      step: fc.record({
        method: fc.constant(method.id as MethodId),
        scope: fc.constant('overall'),
        params: fc.constant({}),
        level: fc.nat(method.axis.levels.length),
      }),
      amount: fc.constantFrom(...sampleSizes),
      cell: fc.constantFrom(...cellsOf(model.family)),
      site: fc.option(fc.string({ maxLength: 200 })),
      against: fc.constantFrom(...errors),
    }),
  );

const message = async (fields: string) => {
  const { kind, message } = await failure(() => readLayersLink(`#view=layers&v=2&${fields}`));
  expect(kind).toBe('bad-link');
  return message;
};

describe('a link to the layers', () => {
  it('brings every choice back, and is known as theirs', () => {
    fc.assert(
      fc.property(choices, (choice) => {
        const fragment = writeLayersLink(choice);
        expect(readLayersLink(`#${fragment}`)).toEqual(choice);
        expect(viewOfAddress(`#${fragment}`)).toBe('layers');
      }),
    );
  });

  it('may leave out what is as at the start, and then asks what was asked last', () => {
    expect(readLayersLink('#view=layers')).toEqual(startOf(usePage.getState().subject));
    expect(readLayersLink('#view=layers&v=2&cell=block-2.query').cell).toBe('block-2.query');
  });

  it.each([
    ['a model that is not shipped', 'model=bert-huge', 'bert-huge, which this lab does not ship'],
    ['a suite that is not shipped', 'suite=rumours', 'rumours, which this lab does not ship'],
    ['a wording that its suite has not', 'template=given', 'can be asked as'],
    ['two steps', 'steps=rtn,overall,1;rtn,overall,1', 'steps'],
    ['a level that is not there', 'steps=rtn,overall,99', 'level 99'],
    ['an unknown method', 'steps=gzip,overall,1', 'is no method'],
    ['a part that no model has', 'cell=block-0', 'is no part of a model'],
    ['a part that its family has not', 'model=bert-mini&cell=decoder-block-1.cross-query', 'a model of this kind'],
    ['another number of questions', 'n=17', 'n: '],
    ['an unknown error', 'against=colour', 'against'],
    ['a layer’s name that is too long', `site=${'y'.repeat(201)}`, 'site'],
  ])('with %s is refused', async (_, fields, words) => {
    expect(await message(fields)).toContain(words);
  });

  it('of random fields is refused in the way that the page knows, or it is sound', () =>
    expectSoundLinks(
      ['model', 'suite', 'template', 'steps', 'n', 'cell', 'site', 'against'],
      { read: readLayersLink, write: writeLayersLink },
      { numRuns: 300 },
    ));
});

/** Links as they were once given out. They must be read for ever: none of them is ever changed here. */
it('An old link of the second form opens as what it was', () => {
  const link =
    '#view=layers&v=2&model=t5-small&suite=facts&template=paraphrase&steps=rtn,overall,2,granularity=group-64&n=all&cell=decoder-block-1.cross-query&site=decoder.0.cross-attention.query&against=outputs';
  expect(readLayersLink(link)).toEqual({
    model: 't5-small',
    suite: 'facts',
    template: 'paraphrase',
    step: { method: 'rtn', scope: 'overall', params: { granularity: 'group-64' }, level: 2 },
    amount: 0,
    cell: 'decoder-block-1.cross-query',
    site: 'decoder.0.cross-attention.query',
    against: 'outputs',
  });
});

describe('recipeOf', () => {
  it('compresses that part alone', () => {
    const step = { method: 'rtn' as const, scope: 'overall', params: {}, level: 1 };
    expect(recipeOf(step, 'block-2.query')).toMatchObject([{ method: 'rtn', scope: 'block-2.query' }]);
    expect(recipeOf({ ...step, level: 0 }, 'block-2.query')).toEqual([]);
  });
});
