import { describe, expect, it } from 'vitest';
import type { PresetSaid } from '../../../app/views/curves/says.ts';
import { sentenceOf } from './says.ts';

const said = (line: string, share: number, half = 0.05): PresetSaid => ({
  line,
  at: '50 %',
  figure: { share, low: share - half, high: share + half, probes: 192, of: 15_135, isFew: false },
});
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('the sentence of a run', () => {
  it('names both ends with their intervals and n, and does not rank what is between', () => {
    expect(plain(sentenceOf({ kind: 'apart', most: said('Attention', 0.9), least: said('All', 0.3), others: 1 }))).toBe(
      'At 50 %, “Attention” keeps most, 90.0 % (85.0 to 95.0 %, n = 192), and “All” least, 30.0 % (25.0 to 35.0 %, n = 192); what is between them is not ranked.',
    );
  });

  it('says that lines are not distinguishable', () => {
    const sentence = sentenceOf({ kind: 'alike', all: [said('Attention', 0.5), said('All', 0.45)] });
    expect(sentence).toMatch(/not distinguishable: “Attention” 50\.0.*n = 192\), “All” 45\.0.*intervals overlap/);
  });

  it('says of each pair whether the second is below, above, or neither', () => {
    const pair = (isBelow: boolean, isAbove: boolean) => ({
      first: said('P', 0.5),
      second: said('PQ', 0.4),
      isBelow,
      isAbove,
    });
    const of = (isBelow: boolean, isAbove: boolean) => sentenceOf({ kind: 'pairs', pairs: [pair(isBelow, isAbove)] });
    expect(of(true, false)).toContain('the second is below the first');
    expect(of(false, true)).toContain('the second is above the first');
    expect(of(false, false)).toContain('are not distinguishable');
  });

  it('says where half is lost, or that it is not surely lost', () => {
    const sentence = sentenceOf({
      kind: 'half',
      lines: [
        { line: 'BERT', first: said('BERT', 0.3), last: said('BERT', 0.1) },
        { line: 'T5', first: null, last: said('T5', 0.6) },
      ],
    });
    expect(sentence).toMatch(/“BERT” has lost more than half of what it knew at 50 %, with 30\.0/);
    expect(sentence).toMatch(/“T5” has not surely lost half up to 50 %, with 60\.0/);
  });

  it('claims nothing while numbers are missing', () => {
    expect(sentenceOf({ kind: 'missing', missing: 3 })).toBe(
      'Nothing yet: 3 of the numbers it takes were not computed, or not to their end where that is needed.',
    );
  });
});
