import type { ColumnSource } from 'hyparquet-writer';
import { keptWords } from '../../../lab/probe/predictions.ts';
import type { Result } from '../../../lab/result/schema.ts';
import type { CsvCell } from '../../projection/csv.ts';
import type { LibraryRow } from './rows.ts';

/** Results as a table, a row each. */
export const tableOf = (rows: readonly LibraryRow[]): Record<string, CsvCell>[] =>
  rows.map(({ entry, tags, recipe, share, interval }) => {
    const { report } = entry;
    const size = report.touched ?? report.total;
    return {
      key: entry.key,
      model: entry.model.name,
      model_sha256: entry.model.sha256,
      suite: entry.suite.name,
      suite_sha256: entry.suite.sha256,
      wording: entry.template,
      recipe,
      steps: JSON.stringify(entry.recipe),
      asked: entry.asked,
      of: entry.of,
      hits: entry.hits,
      accuracy: share,
      low: interval.low,
      high: interval.high,
      sparsity: size.sparsity,
      bits_per_weight: size.bitsPerWeight,
      snr_db: size.snrDb,
      bytes: report.total.bytes.smallest,
      bytes_dense: report.total.bytes.dense,
      backend: entry.backend,
      seconds: entry.seconds,
      saved: new Date(entry.savedAt).toISOString(),
      tags: tags.join('; '),
    };
  });

/** Answers as a table, a row for each question of each result, in the order of asking: columns of a Parquet file. */
export function answerColumns(all: readonly Result[]): ColumnSource[] {
  const length = all.reduce((sum, { entry }) => sum + entry.asked, 0);
  const key = new Array<string>(length);
  const place = new Int32Array(length);
  const rank = new Int32Array(length);
  const goldLogProb = new Float32Array(length);
  const ids = Array.from({ length: keptWords }, () => new Int32Array(length));
  const logProbs = Array.from({ length: keptWords }, () => new Float32Array(length));
  let row = 0;
  for (const { entry, predictions } of all)
    for (let at = 0; at < entry.asked; at++, row++) {
      key[row] = entry.key;
      place[row] = at;
      rank[row] = predictions.ranks[at];
      goldLogProb[row] = predictions.goldLogProbs[at];
      for (let k = 0; k < keptWords; k++) {
        ids[k][row] = predictions.topIds[at * keptWords + k];
        logProbs[k][row] = predictions.topLogProbs[at * keptWords + k];
      }
    }
  return [
    { name: 'key', data: key, type: 'STRING', nullable: false },
    { name: 'place', data: place, type: 'INT32', nullable: false },
    { name: 'rank', data: rank, type: 'INT32', nullable: false },
    { name: 'gold_log_prob', data: goldLogProb, type: 'FLOAT', nullable: false },
    ...ids.map((data, k): ColumnSource => ({ name: `top_id_${k + 1}`, data, type: 'INT32', nullable: false })),
    ...logProbs.map(
      (data, k): ColumnSource => ({ name: `top_log_prob_${k + 1}`, data, type: 'FLOAT', nullable: false }),
    ),
  ];
}
