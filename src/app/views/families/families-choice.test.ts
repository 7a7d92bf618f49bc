import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MethodId } from '../../../lab/compress/methods/index.ts';
import { methodList } from '../../../lab/compress/methods/index.ts';
import { viewOfAddress } from '../../page/page.ts';
import { modelsOf, shippedFamilies, suites } from '../../shipped.ts';
import { failure } from '../../test/fixture.ts';
import { expectSoundLinks } from '../../test/links.ts';
import {
  defaultFamilies,
  type FamiliesChoice,
  groupings,
  measures,
  readFamiliesLink,
  writeFamiliesLink,
} from './families-choice.ts';

const models = fc.record(
  Object.fromEntries(
    shippedFamilies.map((family) => [family, fc.constantFrom(...modelsOf(family).map(({ id }) => id))]),
  ),
);
const choices: fc.Arbitrary<FamiliesChoice> = fc
  .tuple(fc.constantFrom(...suites), fc.constantFrom(...methodList))
  .chain(([suite, method]) =>
    fc.record({
      models,
      suite: fc.constant(suite.id),
      template: fc.constantFrom(...suite.wordings),
      step: fc.record({
        method: fc.constant(method.id as MethodId),
        scope: fc.constantFrom('overall', 'cross-attention'),
        params: fc.constant({}),
        level: fc.nat(method.axis.levels.length),
      }),
      measure: fc.constantFrom(...measures),
      grouping: fc.constantFrom(...groupings),
    }),
  );

const message = async (fragment: string) => {
  const { kind, message } = await failure(() => readFamiliesLink(fragment));
  expect(kind).toBe('bad-link');
  return message;
};

describe('a link to the families', () => {
  it('brings every choice back, and is known as theirs', () => {
    fc.assert(
      fc.property(choices, (choice) => {
        const fragment = writeFamiliesLink(choice);
        expect(readFamiliesLink(`#${fragment}`)).toEqual(choice);
        expect(viewOfAddress(`#${fragment}`)).toBe('families');
      }),
    );
  });

  it('may leave out what is as at the start', () => {
    expect(readFamiliesLink('#view=families')).toEqual(defaultFamilies);
    expect(readFamiliesLink('#view=families&measure=absolute').measure).toBe('absolute');
  });

  it('names one shipped model of every family at the start', () => {
    expect(Object.keys(defaultFamilies.models)).toEqual(shippedFamilies);
  });

  it.each([
    ['a model that is not shipped', 'models=bert-huge', 'bert-huge, which this lab does not ship'],
    ['a model that is no name', 'models=../x', 'models.0: '],
    ['a suite that is not shipped', 'suite=rumours', 'rumours, which this lab does not ship'],
    ['a wording that its suite has not', 'template=given', 'can be asked as'],
    ['two steps', `steps=${JSON.stringify([defaultFamilies.step, defaultFamilies.step])}`, 'steps'],
    ['a level that is not there', `steps=${JSON.stringify([{ ...defaultFamilies.step, level: 99 }])}`, 'level 99'],
    ['an unknown measure', 'measure=loud', 'measure'],
    ['an unknown split', 'by=colour', 'by'],
    ['too many characters', `x=${'y'.repeat(70_000)}`, 'characters'],
  ])('with %s is refused', async (_, fields, words) => {
    expect(await message(`#view=families&${fields}`)).toContain(words);
  });

  it('of random fields is refused in the way that the page knows, or it is sound', () =>
    expectSoundLinks(['models', 'suite', 'template', 'steps', 'measure', 'by'], {
      read: readFamiliesLink,
      write: writeFamiliesLink,
    }));
});
