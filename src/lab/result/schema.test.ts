import { describe, expect, it } from 'vitest';
import { emptyPredictions } from '../probe/predictions.ts';
import { type Result, resultSchema } from './schema.ts';

const bytes = {
  dense: 8,
  quantized: 8,
  bitmap: 6,
  csr: 9,
  nm: null,
  compact: null,
  factors: null,
  entropy: 5,
  smallest: 6,
};
const size = { parameters: 4, zeros: 2, sparsity: 0.5, bitsPerWeight: 16, snrDb: 12, mse: 0.25, bytes };

/** Three answers of nine, one of them a hit, changed by the test. */
function made(change: (result: Result) => void = () => {}): Result {
  const predictions = emptyPredictions(3);
  predictions.ranks.set([1, 5, 2]);
  const result: Result = {
    predictions,
    entry: {
      key: 'k',
      model: { name: 'tiny', sha256: 'a', family: 'encoder', parameters: 4 },
      suite: { name: 'few', sha256: 'b' },
      template: 'seen',
      recipe: [],
      asked: 3,
      of: 9,
      hits: 1,
      report: {
        sites: [{ name: 'encoder.0.attention.query', ...structuredClone(size) }],
        touched: size,
        total: size,
        otherBytes: 0,
      },
      backend: 'WebAssembly',
      seconds: 1,
      savedAt: 8.64e15,
    },
  };
  change(result);
  return result;
}

describe('the schema of a result', () => {
  it('takes a sound one as it is', () => expect(resultSchema.parse(made())).toEqual(made()));

  it('takes the last date that a Date holds', () =>
    expect(new Date(made().entry.savedAt).toISOString()).toBe('+275760-09-13T00:00:00.000Z'));

  it.each<[string, (result: Result) => void, string]>([
    [
      'a date that no Date holds',
      ({ entry }) => {
        entry.savedAt++;
      },
      'there is no such date',
    ],
    [
      'a date before 1970',
      ({ entry }) => {
        entry.savedAt = -1;
      },
      'Too small',
    ],
    [
      'a time that is none',
      ({ entry }) => {
        entry.seconds = Number.POSITIVE_INFINITY;
      },
      'expected number',
    ],
    [
      'more zeros than weights',
      ({ entry }) => {
        entry.report.sites[0].sparsity = 1.01;
      },
      'Too big',
    ],
    [
      'weights of a kilobit',
      ({ entry }) => {
        entry.report.sites[0].bitsPerWeight = 1024;
      },
      'Too big',
    ],
    [
      'a size that a float does not hold',
      ({ entry }) => {
        entry.report.sites[0].bytes.dense = 2 ** 53;
      },
      'Too big',
    ],
    [
      'half a byte',
      ({ entry }) => {
        entry.report.sites[0].bytes.csr = 0.5;
      },
      'expected int',
    ],
    [
      'a family that there is not',
      ({ entry }) => {
        entry.model.family = 'mixer' as 'encoder';
      },
      'Invalid option',
    ],
    [
      'more answers than questions',
      ({ entry }) => {
        entry.of = 2;
      },
      '3 answers to 2 questions',
    ],
    [
      'fewer answers than it says',
      ({ entry }) => {
        entry.asked = 4;
      },
      'not those to 4 questions',
    ],
    [
      'four words for an answer',
      ({ predictions }) => {
        predictions.topIds = new Uint32Array(12);
      },
      'not those to 3',
    ],
    [
      'a rank of 0',
      ({ predictions }) => {
        predictions.ranks[1] = 0;
      },
      'one of its ranks is 0',
    ],
    [
      'a rank beyond a table’s',
      ({ predictions }) => {
        predictions.ranks[1] = 2 ** 31;
      },
      'above 2147483647',
    ],
    [
      'more hits than there are',
      ({ entry }) => {
        entry.hits++;
      },
      'it says 2 hits; its answers have 1',
    ],
  ])('refuses %s', (_, change, words) => {
    const { error } = resultSchema.safeParse(made(change));
    expect(error?.issues[0].message).toContain(words);
  });
});
