import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { methodList } from '../../../lab/compress/methods/index.ts';
import { viewOfAddress } from '../../page/page.ts';
import { type Choice, levelsOf } from '../../recipe/curve.ts';
import { scopesOf } from '../../recipe/offers.ts';
import { models, suites } from '../../shipped.ts';
import { failure } from '../../test/fixture.ts';
import { expectSoundLinks } from '../../test/links.ts';
import { type By, bys, horizontals, verticals } from './axes.ts';
import {
  type CurvesChoice,
  curvesOf,
  defaultCurves,
  mostLines,
  presetChoice,
  readCurvesLink,
  writeCurvesLink,
} from './curves-choice.ts';
import { kinds } from './kinds.ts';
import { isFor, presetIds } from './presets.ts';

const subject = { model: 'bert-mini', suite: 'facts', template: 'seen' } as const;
const read = (fragment: string) => readCurvesLink(fragment, subject);

const questions = fc.tuple(fc.constantFrom(...models), fc.constantFrom(...suites)).chain(([model, suite]) =>
  fc.record({
    model: fc.constant(model.id),
    suite: fc.constant(suite.id),
    template: fc.constantFrom(...suite.wordings),
  }),
);
const series: fc.Arbitrary<Choice> = questions.chain((question) => {
  const { family } = models.find(({ id }) => id === question.model)!;
  const step = fc.constantFrom(...methodList).chain(({ id }) =>
    fc.record({
      method: fc.constant(id as Choice['steps'][number]['method']),
      scope: fc.constantFrom(...scopesOf(family)),
      params: fc.constant({}),
      level: fc.nat(levelsOf({ method: id as Choice['steps'][number]['method'] }).length - 1),
    }),
  );
  return fc
    .array(step, { minLength: 1, maxLength: 3 })
    .chain((steps) => fc.nat(steps.length - 1).map((axis) => ({ ...question, steps, axis })));
});
const names: Readonly<Record<By, readonly string[]>> = {
  scope: ['overall', 'attention', 'feed-forward', 'mlp', 'decoder'],
  method: methodList.map(({ id }) => id),
  model: models.map(({ id }) => id),
  relation: ['capital', 'made-of', 'a, b % c', 'ü/=&#'],
  frequency: ['4', '8', '16', '32'],
  kind: kinds.map(({ id }) => id),
  series: [],
};
const idsOf = (by: By) =>
  fc.uniqueArray(fc.constantFrom(...(names[by].length > 0 ? names[by] : ['x'])), {
    maxLength: by === 'series' ? 0 : mostLines,
  });
const looks = {
  x: fc.constantFrom(...horizontals),
  y: fc.constantFrom(...verticals),
  logX: fc.boolean(),
  logY: fc.boolean(),
  bands: fc.boolean(),
  panels: fc.boolean(),
  range: fc.option(
    fc
      .tuple(fc.double({ min: -4, max: 100, noNaN: true }), fc.double({ min: 0, max: 10, noNaN: true }))
      // Minus zero is written as zero.
      .map(([from, width]) => [from + 0, from + width + 0] as const),
    { nil: null },
  ),
  off: fc.uniqueArray(fc.constantFrom('overall', 'a', 'ü, %'), { maxLength: 3 }),
};
const own: fc.Arbitrary<CurvesChoice> = fc.constantFrom(...bys).chain((by) =>
  fc.record({
    ...looks,
    preset: fc.constant(null),
    by: fc.constant(by),
    of: idsOf(by),
    series: fc.array(series, { minLength: 1, maxLength: by === 'series' ? mostLines : 1 }),
  }),
);
const experiments: fc.Arbitrary<CurvesChoice> = fc
  .tuple(fc.constantFrom(...presetIds), questions, fc.record(looks))
  .map(([id, question, look]) => ({ ...presetChoice(id, question), ...look }));

const message = async (fragment: string) => {
  const { kind, message } = await failure(() => read(fragment));
  expect(kind).toBe('bad-link');
  return message;
};

describe('a link to the curves', () => {
  it('brings every choice back, and is known as theirs', () => {
    fc.assert(
      fc.property(fc.oneof(own, experiments), (choice) => {
        const fragment = writeCurvesLink(choice);
        expect(read(`#${fragment}`)).toEqual(choice);
        expect(viewOfAddress(`#${fragment}`)).toBe('curves');
      }),
    );
  });

  it('may leave out everything, and then asks what was asked last', () => {
    expect(read('#view=curves')).toEqual(defaultCurves);
    const { model, suite, template } = readCurvesLink('#view=curves', {
      model: 'gpt-small',
      suite: 'choice',
      template: 'given',
    }).series[0];
    expect([model, suite, template]).toEqual(['gpt-small', 'choice', 'given']);
  });

  it('that names the suite alone asks it in the wording that it was asked in last; another one in its first', () => {
    const last = { ...subject, template: 'paraphrase' } as const;
    expect(readCurvesLink('#view=curves&suite=facts', last).series[0].template).toBe('paraphrase');
    expect(readCurvesLink('#view=curves&suite=choice', last).series[0].template).toBe('given');
  });

  it('opens an experiment by its name alone, with a model that it makes sense for', () => {
    expect(read('#view=curves&preset=pruning-layers')).toEqual(presetChoice('pruning-layers', subject));
    const { series } = read('#view=curves&preset=pruning-attention');
    expect(models.find(({ id }) => id === series[0].model)?.family).toBe('encoder-decoder');
    expect(isFor('pruning-attention', series[0].model)).toBe(true);
  });

  it('An old link of the second form opens as what it was', () => {
    const fragment =
      '#view=curves&v=2&a=bert-mini/facts/seen/1/magnitude-global,attention,5&b=gpt-small/facts/paraphrase/2/rtn,overall,2,granularity%3Dchannel;magnitude-layer,mlp,3&by=series&x=size&y=mrr&logx=1&bands=0&range=1.5,4&off=b';
    expect(read(fragment)).toEqual({
      ...curvesOf(subject),
      series: [
        { ...subject, axis: 0, steps: [{ method: 'magnitude-global', scope: 'attention', params: {}, level: 5 }] },
        {
          model: 'gpt-small',
          suite: 'facts',
          template: 'paraphrase',
          axis: 1,
          steps: [
            { method: 'rtn', scope: 'overall', params: { granularity: 'channel' }, level: 2 },
            { method: 'magnitude-layer', scope: 'mlp', params: {}, level: 3 },
          ],
        },
      ],
      by: 'series',
      x: 'size',
      y: 'mrr',
      logX: true,
      bands: false,
      range: [1.5, 4],
      off: ['b'],
    });
  });

  it.each([
    [
      'a model that is not shipped',
      'a=bert-huge/facts/seen/1/rtn,overall,2',
      'bert-huge, which this lab does not ship',
    ],
    ['a model that is no name', 'a=..%2Fx/facts/seen/1/rtn,overall,2', 'cannot be read'],
    ['a wording that its suite has not', 'a=bert-mini/facts/given/1/rtn,overall,2', 'can be asked as'],
    ['a curve over a step that is not there', 'a=bert-mini/facts/seen/2/rtn,overall,2', 'step that is not there'],
    ['no step', 'a=bert-mini/facts/seen/1/', 'steps.0'],
    ['half a series', 'a=bert-mini', 'cannot be read'],
    ['layers that the model has not', 'a=bert-mini/facts/seen/1/rtn,cross-attention,2', 'no cross-attention'],
    ['a level that is not there', 'a=bert-mini/facts/seen/1/rtn,overall,99', 'level 99'],
    ['an unknown split', 'by=colour', 'by'],
    ['a line for a scope that is none', 'by=scope&of=overall,knees', 'knees'],
    ['a line for a method that is none', 'by=method&of=magic', 'magic'],
    ['a line twice', 'by=scope&of=mlp,mlp', 'twice'],
    ['too many lines', 'by=relation&of=1,2,3,4,5,6,7,8,9', 'of'],
    ['a text that is half written', 'by=relation&of=%25E0%25A4', 'of'],
    ['a range that is none', 'range=4,1', 'range'],
    ['a range of words', 'range=all,none', 'range'],
    ['a switch that is neither', 'logx=maybe', 'logx'],
    ['an experiment that the paper has not', 'preset=moon', 'preset'],
    ['an experiment for other models', 'preset=pruning-attention&model=bert-mini', 'not for such models'],
    ['an experiment and lines of its own', 'preset=pruning-layers&by=method', 'lines of its own'],
    [
      'several series and lines that follow from one',
      'a=bert-mini/facts/seen/1/rtn,overall,2&b=bert-mini/facts/seen/1/rtn,mlp,2&by=scope',
      '2 series',
    ],
    ['too many characters', `x=${'y'.repeat(70_000)}`, 'characters'],
  ])('with %s is refused', async (_, fields, words) => {
    expect(await message(`#view=curves&v=2&${fields}`)).toContain(words);
  });

  it('of random fields is refused in the way that the page knows, or it is sound', () =>
    expectSoundLinks(
      ['preset', 'model', 'suite', 'a', 'b', 'by', 'of', 'x', 'y', 'logx', 'bands', 'range', 'off'],
      { read: read, write: writeCurvesLink },
      {
        prefix: 'view=curves&v=2&',
        value: fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom('0', '1', 'all', 'a,b', 'scope')),
      },
    ));
});
