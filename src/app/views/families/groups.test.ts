import { describe, expect, it } from 'vitest';
import { wilson } from '../../../lab/metrics/interval.ts';
import { paired } from '../../projection/ratio.ts';
import { layout, makeLayout, makeTrack, resultOf } from '../../test/families.ts';
import { figureFor, groupsOf, kindsOf } from './groups.ts';

const [T, F] = [true, false];
//                        capital      is-a         made-of
const before = resultOf([T, T, T, T, /**/ T, T, F, F, /**/ F, F, F, F]);
const after = resultOf([T, T, F, F, /**/ T, F, F, F, /**/ T, F, F, F]);
const encoder = makeTrack('encoder', before, after);
const decoder = makeTrack('decoder', before, before);

describe('the figure of a level', () => {
  it('is accuracy with its Wilson interval, or what is left of accuracy', () => {
    expect(figureFor(before, after, 'absolute')).toMatchObject({ share: 4 / 12, ...wilson(4, 12), probes: 12, of: 12 });
    expect(figureFor(before, after, 'relative')).toMatchObject({
      ...paired({ both: 3, before: 3, after: 1 }),
      share: 4 / 6,
    });
  });

  it('rests on what both were asked alone', () => {
    const sample = resultOf(Array.from(layout.order, (_, probe) => (layout.order.indexOf(probe) < 6 ? T : null)));
    expect(figureFor(before, sample, 'absolute')).toMatchObject({ probes: 6, of: 12 });
  });

  it('is not there before both are, nor as a share of nothing', () => {
    expect(figureFor(null, after, 'absolute')).toBeNull();
    expect(figureFor(before, null, 'relative')).toBeNull();
    const nothing = resultOf(Array(12).fill(F));
    expect(figureFor(nothing, after, 'relative')).toBeNull();
    expect(figureFor(nothing, after, 'absolute')?.share).toBeCloseTo(4 / 12);
  });
});

const shares = (groups: ReturnType<typeof groupsOf>, family: 'encoder' | 'decoder') =>
  Object.fromEntries(groups.map(({ id, figures }) => [id, figures[family]?.share]));

describe('groups', () => {
  it('by relation have each relation’s figure of every model, and its property', () => {
    const groups = groupsOf([encoder, decoder], 1, 'relation', 'absolute');
    expect(shares(groups, 'encoder')).toEqual({ capital: 0.5, 'is-a': 0.25, 'made-of': 0.25 });
    expect(shares(groups, 'decoder')).toEqual({ capital: 1, 'is-a': 0.5, 'made-of': 0 });
    expect(groups.map(({ label, note }) => [label, note])).toEqual([
      ['Capital', 'P36, 1-1'],
      ['Kind', 'N-1'],
      ['Made of', 'P186, N-M'],
    ]);
  });

  it('as shares leave out what nothing was known of', () => {
    const groups = groupsOf([encoder], 1, 'relation', 'relative');
    expect(shares(groups, 'encoder')).toEqual({ capital: 0.5, 'is-a': 0.5 });
  });

  it('by cardinality put relations together', () => {
    expect(shares(groupsOf([encoder], 1, 'cardinality', 'absolute'), 'encoder')).toEqual({
      '1-1': 0.5,
      'N-1': 0.25,
      'N-M': 0.25,
    });
  });

  it('by frequency put facts together that were trained as often', () => {
    const groups = groupsOf([encoder], 1, 'frequency', 'absolute');
    expect(shares(groups, 'encoder')).toEqual({ 4: 1, 8: 1 / 3, 16: 0, 32: 0 });
    expect(groups.every(({ figures }) => figures.encoder?.probes === 3 && figures.encoder.isFew)).toBe(true);
  });

  it('by frequency count facts of several objects in the next lower group, and none that was never stated', () => {
    const frequency = Int32Array.from([5, 12, 100, 0, -1, 3, 4, 4, 4, 4, 4, 4]);
    const track = { ...encoder, layout: { ...layout, frequency } };
    const probes = groupsOf([track], 1, 'frequency', 'absolute').map(({ id, figures }) => [id, figures.encoder?.of]);
    // 5 joins 4, 12 joins 8, 100 joins 32; 0, 3 and unknown are in none.
    expect(probes).toEqual([
      ['4', 7],
      ['8', 1],
      ['32', 1],
    ]);
  });

  it('are not there for a model without this level', () => {
    expect(groupsOf([makeTrack('encoder', before, null)], 1, 'relation', 'absolute')).toEqual([]);
  });
});

describe('kinds of questions', () => {
  const tasks = makeLayout([
    { id: 'boolq', label: 'Yes or no', probes: 2, property: null, cardinality: null, task: 'boolq' },
    { id: 'piqa', label: 'Better answer', probes: 2, property: null, cardinality: null, task: 'piqa' },
  ]);
  const kinds = new Map([
    [
      'encoder-model',
      [
        { suite: 'facts', template: 'paraphrase' as const, layout, baseline: before, level: after },
        {
          suite: 'choice',
          template: 'given' as const,
          layout: tasks,
          baseline: resultOf([T, T, T, T], tasks),
          level: resultOf([T, T, T, F], tasks),
        },
      ],
    ],
  ]);

  it('are each wording of facts as a whole, and every task by itself', () => {
    const groups = kindsOf([encoder, decoder], kinds, 'absolute');
    expect(shares(groups, 'encoder')).toEqual({ 'facts/paraphrase': 4 / 12, 'choice/boolq': 1, 'choice/piqa': 0.5 });
    expect(groups.map(({ figures }) => figures.decoder)).toEqual([undefined, undefined, undefined]);
    expect(groups[0].label).toContain('in other words');
  });
});
