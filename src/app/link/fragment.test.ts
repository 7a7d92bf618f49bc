import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failure } from '../test/fixture.ts';
import { readExploreLink } from '../views/explore/explore-link.ts';
import { fromFragment, linkVersion, longestLink, stepsFromText, stepsToText, toFragment, viewOf } from './fragment.ts';

const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => !Object.is(x, -0)),
  fc.string(),
);
const params = fc.dictionary(fc.stringMatching(/^[a-z][A-Za-z]{0,8}$/), value, {
  minKeys: 1,
  maxKeys: 3,
  noNullPrototype: true,
});
const steps = fc.array(
  fc.record({
    method: fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/),
    scope: fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/),
    level: fc.nat(20),
    params,
    customLevel: params,
  }),
  { minLength: 1, maxLength: 4 },
);

describe('steps in a link', () => {
  it('come back as they were, whatever their values are', () => {
    fc.assert(
      fc.property(steps, (all) => {
        expect(stepsFromText(stepsToText(all))).toEqual(all);
      }),
    );
    fc.assert(
      fc.property(steps, (all) => {
        expect(fromFragment(toFragment('compare', { steps: stepsToText(all) }))).toEqual({ steps: all });
      }),
    );
  });

  it('can be read by people', () =>
    expect(
      toFragment('explore', {
        model: 'bert-mini',
        steps: stepsToText([{ method: 'magnitude-n-m', level: 2, params: { pattern: '2:4' } }]),
      }),
    ).toBe('v=2&model=bert-mini&steps=magnitude-n-m,overall,2,pattern=2:4'));

  it('keep numbers and text apart', () =>
    expect(stepsFromText(stepsToText([{ method: 'a', params: { x: '4', y: 4, z: '' } }]))).toMatchObject([
      { params: { x: '4', y: 4, z: '' } },
    ]));

  it('that have no equals sign are refused', async () =>
    expect((await failure(() => fromFragment('v=2&steps=rtn,overall,1,bits'))).message).toContain(
      'cannot be read at “bits”',
    ));
});

describe('a fragment', () => {
  it('brings every text back', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(fromFragment(toFragment('curves', { text }))).toEqual({ text });
      }),
    );
  });

  it('names its view, unless it is the first', () => {
    expect(viewOf(`#${toFragment('compare', {})}`)).toBe('compare');
    expect(viewOf(toFragment('explore', { model: 'x' }))).toBeUndefined();
  });

  it('leaves out what is not given', () =>
    expect(toFragment('explore', { a: null, b: undefined, c: 0 })).toBe('v=2&c=0'));

  it('of another version than there is is refused', async () => {
    expect((await failure(() => fromFragment(`v=${linkVersion + 1}`))).message).toContain(
      'a newer version of this lab',
    );
    for (const v of ['0', '-1', '1.5', 'x', ''])
      expect((await failure(() => fromFragment(`v=${v}`))).kind).toBe('bad-link');
  });

  it('that is too long is refused', async () =>
    expect((await failure(() => fromFragment(`v=2&x=${'y'.repeat(longestLink)}`))).kind).toBe('bad-link'));
});

/** Links as they were once given out. They must be read for ever: none of them is ever changed here. */
describe('an old link', () => {
  it('of the first form opens as what it was', () => {
    const link =
      '#model=bert-small&suite=facts&template=paraphrase&steps=%5B%7B%22method%22%3A%22magnitude-global%22%2C%22scope%22%3A%22attention%22%2C%22params%22%3A%7B%7D%2C%22level%22%3A6%7D%2C%7B%22method%22%3A%22rtn%22%2C%22scope%22%3A%22overall%22%2C%22params%22%3A%7B%22granularity%22%3A%22group-64%22%7D%2C%22level%22%3A2%7D%5D&axis=1&relation=P36';
    const { choice, view } = readExploreLink(link);
    expect(choice).toEqual({
      model: 'bert-small',
      suite: 'facts',
      template: 'paraphrase',
      steps: [
        { method: 'magnitude-global', scope: 'attention', params: {}, level: 6 },
        { method: 'rtn', scope: 'overall', params: { granularity: 'group-64' }, level: 2 },
      ],
      axis: 1,
    });
    expect(view).toEqual({ relation: 'P36', probe: null });
  });

  it('of the second form opens as what it was', () => {
    const link =
      '#v=2&model=gpt-small&suite=facts&template=seen&steps=magnitude-global,attention,6;rtn,overall,2,granularity=group-64&axis=1&probe=17';
    expect(readExploreLink(link)).toEqual({
      choice: {
        model: 'gpt-small',
        suite: 'facts',
        template: 'seen',
        steps: [
          { method: 'magnitude-global', scope: 'attention', params: {}, level: 6 },
          { method: 'rtn', scope: 'overall', params: { granularity: 'group-64' }, level: 2 },
        ],
        axis: 1,
      },
      view: { relation: null, probe: 17 },
      results: null,
    });
  });
});
