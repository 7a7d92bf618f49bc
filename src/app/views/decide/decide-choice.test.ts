import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportFormatIds } from '../../../lab/export/index.ts';
import { viewOfAddress } from '../../page/page.ts';
import { formatIds } from '../../run/export.ts';
import { models, suites } from '../../shipped.ts';
import { failure } from '../../test/fixture.ts';
import { expectSoundLinks } from '../../test/links.ts';
import { type DecideChoice, goals, layouts, readDecideLink, startOf, writeDecideLink } from './decide-choice.ts';
import { grid } from './grid.ts';

const choices: fc.Arbitrary<DecideChoice> = fc.constantFrom(...suites).chain((suite) =>
  fc.record({
    model: fc.constantFrom(...models.map(({ id }) => id)),
    suite: fc.constant(suite.id),
    template: fc.constantFrom(...suite.wordings),
    megabytes: fc.integer({ min: 1, max: 10_000_000 }).map((hundredths) => hundredths / 100),
    loss: fc.integer({ min: 0, max: 100 }),
    layout: fc.constantFrom(...layouts),
    goal: fc.constantFrom(...goals),
    format: fc.constantFrom(...formatIds),
  }),
);

describe('a link to a decision', () => {
  it('brings every choice back, and is known as its', () => {
    fc.assert(
      fc.property(choices, (choice) => {
        const fragment = writeDecideLink(choice);
        expect(readDecideLink(`#${fragment}`)).toEqual(choice);
        expect(viewOfAddress(`#${fragment}`)).toBe('decide');
      }),
    );
  });

  it('may leave out what is as at the start', () => {
    const { model, suite, template } = readDecideLink('#view=decide');
    expect(readDecideLink('#view=decide')).toEqual(startOf({ model, suite, template }));
  });

  it.each([
    ['a model that is not shipped', 'model=bert-huge', 'bert-huge, which this lab does not ship'],
    ['a suite that is not shipped', 'suite=rumours', 'rumours, which this lab does not ship'],
    ['no size', 'mb=0', 'mb: '],
    ['a size that is no number', 'mb=large', 'mb: '],
    ['a loss of more than all', 'loss=101', 'loss: '],
    ['an unknown layout', 'layout=zip', 'layout'],
    ['an unknown goal', 'goal=cheap', 'goal'],
    ['an unknown format', 'format=gguf', 'format'],
  ])('with %s is refused', async (_, fields, words) => {
    const { kind, message } = await failure(() => readDecideLink(`#view=decide&${fields}`));
    expect(kind).toBe('bad-link');
    expect(message).toContain(words);
  });

  it('of random fields is refused in the way that the page knows, or it is sound', () =>
    expectSoundLinks(
      ['model', 'suite', 'mb', 'loss'],
      { read: readDecideLink, write: writeDecideLink },
      { value: fc.string({ unit: 'binary', maxLength: 20 }) },
    ));

  // Given out once: it opens as this for ever.
  it('An old link of the second form opens as what it was', () => {
    const link =
      '#view=decide&v=2&model=bert-mini&suite=facts&template=seen&mb=2.5&loss=15&layout=csr&goal=best&format=onnx-nbits';
    expect(readDecideLink(link)).toEqual({
      model: 'bert-mini',
      suite: 'facts',
      template: 'seen',
      megabytes: 2.5,
      loss: 15,
      layout: 'csr',
      goal: 'best',
      format: 'onnx-nbits',
    });
  });
});

describe('what is offered', () => {
  it('are all formats that the lab can write', () => {
    expect(formatIds).toEqual(exportFormatIds);
  });

  it('is a grid of recipes that differ, the uncompressed model first', () => {
    expect(grid[0]).toEqual([]);
    expect(new Set(grid.map((recipe) => JSON.stringify(recipe))).size).toBe(grid.length);
  });
});
