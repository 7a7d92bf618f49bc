import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { methodList } from '../../../lab/compress/methods/index.ts';
import { linkTo, usePage, viewOfAddress } from '../../page/page.ts';
import { failure } from '../../test/fixture.ts';
import { expectSoundLinks } from '../../test/links.ts';
import {
  type LibraryChoice,
  longestTag,
  readLibraryLink,
  sortKeys,
  startLibrary,
  writeLibraryLink,
} from './library-choice.ts';

const id = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/);
const choices: fc.Arbitrary<LibraryChoice> = fc.record({
  search: fc.string({ maxLength: 200 }),
  model: fc.option(id),
  suite: fc.option(id),
  method: fc.option(fc.constantFrom(...methodList.map((method) => method.id))),
  tag: fc.option(fc.string({ minLength: 1, maxLength: longestTag })),
  sort: fc.constantFrom(...sortKeys),
  direction: fc.constantFrom('ascending' as const, 'descending' as const),
});

describe('a link to the library', () => {
  it('brings every choice back, and is known as its', () => {
    fc.assert(
      fc.property(choices, (choice) => {
        const fragment = writeLibraryLink(choice);
        expect(readLibraryLink(`#${fragment}`)).toEqual(choice);
        expect(viewOfAddress(`#${fragment}`)).toBe('library');
      }),
    );
  });

  it('lists everything where it says nothing, and where another view names what it asked', () => {
    expect(readLibraryLink('#view=library')).toEqual(startLibrary);
    expect(readLibraryLink(linkTo('library', usePage.getState()))).toEqual(startLibrary);
  });

  it.each([
    ['a model that is no name', 'of=../x', 'of: '],
    ['an unknown method', 'method=gzip', 'is no method'],
    ['a tag that is too long', `tag=${'y'.repeat(longestTag + 1)}`, 'tag'],
    ['a search that is too long', `q=${'y'.repeat(201)}`, 'q: '],
    ['an unknown column', 'sort=colour', 'sort'],
    ['an unknown direction', 'order=sideways', 'order'],
  ])('with %s is refused', async (_, fields, words) => {
    const { kind, message } = await failure(() => readLibraryLink(`#view=library&v=2&${fields}`));
    expect(kind).toBe('bad-link');
    expect(message).toContain(words);
  });

  it('of random fields is refused in the way that the page knows, or it is sound', () =>
    expectSoundLinks(
      ['q', 'of', 'from', 'method', 'tag', 'sort', 'order'],
      { read: readLibraryLink, write: writeLibraryLink },
      { numRuns: 300 },
    ));
});

/** Links as they were once given out. They must be read for ever: none of them is ever changed here. */
it('An old link of the second form opens as what it was', () => {
  const link =
    '#view=library&v=2&q=rtn+4-bit&of=t5-small&from=facts&method=rtn&tag=lesson+3&sort=share&order=ascending';
  expect(readLibraryLink(link)).toEqual({
    search: 'rtn 4-bit',
    model: 't5-small',
    suite: 'facts',
    method: 'rtn',
    tag: 'lesson 3',
    sort: 'share',
    direction: 'ascending',
  });
});
