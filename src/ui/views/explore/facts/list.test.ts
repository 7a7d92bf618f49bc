import { describe, expect, it } from 'vitest';
import { probeList } from '../../../../app/test/fixture.ts';
import { matchingFacts } from './list.ts';

const values = (...given: Parameters<typeof matchingFacts>) =>
  matchingFacts(...given).flatMap(({ items }) => items.map(({ value }) => Number(value)));

describe('the facts to choose from', () => {
  it('are the first few of all, or of a relation', () => {
    expect(values(probeList, null, '', null, 3)).toEqual([0, 1, 2]);
    // The second relation begins behind 300 facts of the first.
    expect(values(probeList, 'is-a', '', null, 3)).toEqual([300, 301, 302]);
  });

  it('are those that hold what was typed', () => {
    expect(values(probeList, null, 'Subject 119', null, 60)).toEqual([
      119,
      ...Array.from({ length: 10 }, (_, i) => 1190 + i),
    ]);
    expect(values(probeList, null, 'nobody', null, 60)).toEqual([]);
  });

  it('have the chosen one among them in any case', () => {
    expect(values(probeList, 'is-a', '', 7, 2)).toEqual([7, 300, 301]);
    expect(values(probeList, null, 'subject 30', 1100, 2)).toEqual([30, 300, 1100]);
  });

  it('are none before the probes are known', () => {
    expect(matchingFacts(null, null, '', null, 60)).toEqual([]);
  });
});
