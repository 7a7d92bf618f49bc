import { describe, expect, it } from 'vitest';
import type { Track } from '../../../app/views/families/families-store.ts';
import { groupRows, levelRows } from './rows.ts';

const figure = { share: 0.5, low: 0.4, high: 0.6, probes: 2, of: 4, isFew: true };

/** A result with these outcomes: 2 is right, 1 wrong, 0 not asked. */
const result = (...outcomes: number[]) =>
  ({ outcomes: Uint8Array.from(outcomes), summary: { probes: outcomes.filter(Boolean).length } }) as never;

const track = (family: Track['family'], levels: readonly unknown[]): Track =>
  ({
    family,
    baseline: levels[0],
    points: levels.map((each, level) => ({ level, label: `${level * 10} %`, x: level / 10, result: each })),
  }) as unknown as Track;

describe('the rows of the families', () => {
  it('hold what each family that was asked still has, level by level', () => {
    const rows = levelRows(
      [track('encoder', [result(2, 2, 1, 2), result(2, 1, 1, 1)]), track('decoder', [result(2, 2, 2, 0), null])],
      'absolute',
    );
    expect(rows.map(({ x, label }) => [x, label])).toEqual([
      [0, '0 %'],
      [0.1, '10 %'],
    ]);
    expect(rows[0].points.encoder).toMatchObject({ share: 0.75, probes: 4, of: 4 });
    expect(rows[0].points.decoder).toMatchObject({ share: 1, probes: 3, of: 4 });
    expect(rows[1].points.encoder).toMatchObject({ share: 0.25, isFew: true });
    expect(Object.keys(rows[1].points)).toEqual(['encoder']);
  });

  it('are none before models are chosen', () => {
    expect(levelRows([], 'relative')).toEqual([]);
  });

  it('stand side by side where they are groups', () => {
    const groups = ['4', '8'].map((id) => ({ id, label: `${id} times`, note: null, figures: { encoder: figure } }));
    expect(groupRows(groups)).toEqual([
      { x: 0, label: '4 times', points: { encoder: figure } },
      { x: 1, label: '8 times', points: { encoder: figure } },
    ]);
  });
});
