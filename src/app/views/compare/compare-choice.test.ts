import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleSizes } from '../../link/sample-sizes.ts';
import { viewOfAddress } from '../../page/page.ts';
import { models, suites } from '../../shipped.ts';
import { failure, step } from '../../test/fixture.ts';
import { expectSoundLinks } from '../../test/links.ts';
import {
  type CompareChoice,
  presetIds,
  presets,
  readCompareLink,
  recipeOf,
  shownFacts,
  startOf,
  writeCompareLink,
} from './compare-choice.ts';

const steps = fc.array(
  fc.constantFrom(
    step('magnitude-global', 3),
    step('rtn', 4, { params: { granularity: 'channel' } }),
    step('wanda', 0, { scope: 'attention' }),
    step('magnitude-global', 1, { customLevel: { sparsity: 0.05 } }),
  ),
  { maxLength: 3 },
);
const choices: fc.Arbitrary<CompareChoice> = fc
  .constantFrom(...suites)
  .chain((suite) =>
    fc.record({
      model: fc.constantFrom(...models.map(({ id }) => id)),
      suite: fc.constant(suite.id),
      template: fc.constantFrom(...suite.wordings),
      // Two to four, one of those behind the first looked at.
      recipes: fc.array(steps, { minLength: 2, maxLength: 4 }),
      at: fc.nat(),
      amount: fc.constantFrom(...sampleSizes),
      show: fc.constantFrom(...shownFacts),
      relation: fc.option(fc.constantFrom('capital', 'P 36', 'a&b=c')),
    }),
  )
  .map(({ at, ...choice }) => ({ ...choice, against: 1 + (at % (choice.recipes.length - 1)) }));

const message = async (fields: string) => {
  const { kind, message } = await failure(() => readCompareLink(`#view=compare&${fields}`));
  expect(kind).toBe('bad-link');
  return message;
};

describe('a link to the comparison', () => {
  it('brings every choice back, and is known as its', () => {
    fc.assert(
      fc.property(choices, (choice) => {
        const fragment = writeCompareLink(choice);
        expect(readCompareLink(`#${fragment}`)).toEqual(choice);
        expect(viewOfAddress(`#${fragment}`)).toBe('compare');
      }),
    );
  });

  it('may leave out what is as at the start', () => {
    const { model, suite, template } = readCompareLink('#view=compare');
    expect(readCompareLink('#view=compare')).toEqual(startOf({ model, suite, template }));
  });

  it('can compare with the uncompressed model', () => {
    expect(recipeOf(readCompareLink('#view=compare&v=2&a=').recipes[0])).toEqual([]);
  });

  it.each([
    ['a model that is not shipped', 'model=bert-huge', 'bert-huge, which this lab does not ship'],
    ['a model that is no name', 'model=../x', 'model: '],
    ['a suite that is not shipped', 'suite=rumours', 'rumours, which this lab does not ship'],
    ['an unknown method', 'v=2&a=magic,overall,1', 'a.0.method'],
    ['a level that is not there', 'v=2&b=rtn,overall,99', 'level 99'],
    ['steps that cannot be read', 'v=2&a=rtn,overall,1,%3D', 'cannot be read'],
    ['a fourth recipe without a third', 'v=2&d=rtn,overall,1', 'a recipe D but no recipe C'],
    ['a recipe to look at that it does not hold', 'v=2&against=c', 'recipe C, which it does not hold'],
    ['the first recipe to look at beside itself', 'v=2&against=a', 'against'],
    ['a number of facts that is not offered', 'n=17', 'n: '],
    ['an unknown list', 'show=everything', 'show'],
    ['too many characters', `x=${'y'.repeat(70_000)}`, 'characters'],
  ])('with %s is refused', async (_, fields, words) => {
    expect(await message(fields)).toContain(words);
  });

  it('of random fields is refused in the way that the page knows, or it is sound', () =>
    expectSoundLinks(['model', 'template', 'a', 'b', 'c', 'd', 'against', 'n', 'relation'], {
      read: readCompareLink,
      write: writeCompareLink,
    }));

  // Given out once: it opens as this for ever.
  it('An old link of the second form opens as what it was', () => {
    const link =
      '#view=compare&v=2&model=bert-mini&suite=facts&template=seen&a=magnitude-global,overall,5;rtn,overall,5&b=rtn,overall,5,granularity=channel&n=1000&show=lost&relation=capital';
    expect(readCompareLink(link)).toEqual({
      model: 'bert-mini',
      suite: 'facts',
      template: 'seen',
      recipes: [
        [step('magnitude-global', 5), step('rtn', 5)],
        [step('rtn', 5, { params: { granularity: 'channel' } })],
      ],
      against: 1,
      amount: 1000,
      show: 'lost',
      relation: 'capital',
    });
  });

  // Since links can hold more than two.
  it('An old link with three recipes opens as what it was', () => {
    const link =
      '#view=compare&v=2&model=bert-mini&suite=facts&template=seen&a=magnitude-global,overall,5&b=rtn,overall,5&c=wanda,attention,4;rtn,overall,3&against=c&n=1000';
    expect(readCompareLink(link)).toEqual({
      model: 'bert-mini',
      suite: 'facts',
      template: 'seen',
      recipes: [
        [step('magnitude-global', 5)],
        [step('rtn', 5)],
        [step('wanda', 4, { scope: 'attention' }), step('rtn', 3)],
      ],
      against: 2,
      amount: 1000,
      show: 'all',
      relation: null,
    });
  });
});

describe('presets', () => {
  it('are what their names say', () => {
    const named = presetIds.map((id) => [
      id,
      ...presets[id].map((steps) =>
        recipeOf(steps)
          .map(
            (made) =>
              `${made.method} ${'sparsity' in made ? made.sparsity : ''}${'bits' in made ? made.bits : ''} ${made.scope}`,
          )
          .join(', '),
      ),
    ]);
    expect(named).toEqual([
      ['order', 'magnitude-global 0.5 overall, rtn 4 overall', 'rtn 4 overall, magnitude-global 0.5 overall'],
      ['criterion', 'magnitude-global 0.5 overall', 'wanda 0.5 overall'],
      ['scope', 'magnitude-global 0.5 overall', 'magnitude-global 0.5 attention'],
      ['kind', 'magnitude-global 0.5 overall', 'rtn 4 overall'],
      ['ways', ...['magnitude-global', 'magnitude-layer', 'wanda', 'sparsegpt'].map((id) => `${id} 0.5 overall`)],
    ]);
  });
});
