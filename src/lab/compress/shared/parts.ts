import { z } from 'zod';
import { calibration } from '../calibration.ts';
import { type Context, type Matrix, type Misfit, pruned } from '../method.ts';
import { normsOf } from './allocation.ts';
import { randomKeys } from './keys.ts';
import { percent } from './percent.ts';

// What the methods that remove whole parts share: how parts are scored, which go, and how they are taken out.

export type Criterion = 'magnitude' | 'activation' | 'random';

const criterion = z
  .enum(['magnitude', 'activation', 'random'])
  .default('magnitude')
  .meta({
    title: 'Chosen by',
    words: {
      magnitude: 'size of its weights (magnitude)',
      activation: 'weights times what enters them (activation)',
      random: 'by chance (control)',
    },
    description:
      'Magnitude: the sum of its weights’ sizes. Activation: each weight times how strong its input usually is. Random: by lot, the control.',
  });

/** What a parameter says of itself elsewhere. */
const metaOf = (field: z.ZodType) => field.meta() ?? {};

/** The parameters of a method that removes whole parts; `title` names the parts, e.g. "Heads removed". */
export const partParams = (title: string, description: string) =>
  z.strictObject({
    sparsity: z.number().min(0).max(1).default(0.5).meta({ title, description, step: 0.01 }),
    criterion,
    text: calibration.text.meta({ ...metaOf(calibration.text), when: { criterion: 'activation' } }),
    prompts: calibration.prompts.meta({ ...metaOf(calibration.prompts), when: { criterion: 'activation' } }),
    seed: calibration.seed.meta({
      title: 'Seed',
      description:
        'Of the lots by which parts, or the texts to measure on, are drawn; 0 takes the suite’s first texts.',
      when: { criterion: ['activation', 'random'] },
    }),
  });

/** What a method looks at by this criterion. */
export const needOf = ({ criterion }: { criterion: Criterion }) => (criterion === 'activation' ? 'norms' : 'nothing');

const criterionWords: Readonly<Record<Criterion, string>> = {
  magnitude: 'the weakest by magnitude',
  activation: 'the weakest by activation',
  random: 'at random',
};

/** A step in words. */
export function describeParts(parts: string, given: { sparsity: number; criterion: Criterion; seed: number }) {
  const seed = given.criterion === 'random' ? `, seed ${given.seed}` : '';
  return { effect: `${percent(given.sparsity)} of ${parts} removed`, how: `${criterionWords[given.criterion]}${seed}` };
}

/** The strength of each weight, |w|, or |w| · ‖x‖ by the criterion, summed over rows and over columns, in double. */
export function strengths(matrix: Matrix, byActivation: boolean, context: Context) {
  const { values, rows, columns } = matrix;
  const norms = byActivation ? normsOf(matrix, context) : new Float32Array(columns).fill(1);
  const byRow = new Float64Array(rows);
  const byColumn = new Float64Array(columns);
  for (let r = 0; r < rows; r++) {
    const row = values.subarray(r * columns, (r + 1) * columns);
    let sum = 0;
    for (let c = 0; c < columns; c++) {
      const strength = Math.abs(row[c]) * norms[c];
      sum += strength;
      byColumn[c] += strength;
    }
    byRow[r] = sum;
  }
  return { byRow, byColumn };
}

/** Which `count` of these scores are smallest; among equal ones the first. */
export function lowest(scores: ArrayLike<number>, count: number): Set<number> {
  const order = Array.from(scores, (_, index) => index).sort((a, b) => scores[a] - scores[b] || a - b);
  return new Set(order.slice(0, count));
}

/** Scores by lot. */
export const lots = (count: number, seed: number, name?: string) =>
  new Uint32Array(randomKeys(count, seed, name).buffer);

/** Rows and columns that go, by matrix. */
export class Cuts {
  readonly #rows = new Map<Matrix, Set<number>>();
  readonly #columns = new Map<Matrix, Set<number>>();

  rows(matrix: Matrix, from: number, to: number): void {
    mark(this.#rows, matrix, from, to);
  }

  columns(matrix: Matrix, from: number, to: number): void {
    mark(this.#columns, matrix, from, to);
  }

  /** The matrices without what was cut out of them; one that nothing was cut out of comes back as it is. */
  apply(matrices: readonly Matrix[]): Matrix[] {
    return matrices.map((matrix) => {
      const rows = this.#rows.get(matrix);
      const columns = this.#columns.get(matrix);
      if (!rows && !columns) return matrix;
      const values = matrix.values.slice();
      for (const row of rows ?? []) values.fill(0, row * matrix.columns, (row + 1) * matrix.columns);
      for (const column of columns ?? [])
        for (let at = column; at < values.length; at += matrix.columns) values[at] = 0;
      return pruned(matrix, values);
    });
  }
}

function mark(marks: Map<Matrix, Set<number>>, matrix: Matrix, from: number, to: number): void {
  const marked = marks.get(matrix) ?? new Set<number>();
  for (let i = from; i < to; i++) marked.add(i);
  marks.set(matrix, marked);
}

/** Matrices by a key, in the order in which the keys first come; those without one are left out. */
export function groupBy(matrices: readonly Matrix[], keyOf: (matrix: Matrix) => string | null): Matrix[][] {
  const groups = new Map<string, Matrix[]>();
  for (const matrix of matrices) {
    const key = keyOf(matrix);
    if (key === null) continue;
    const members = groups.get(key);
    if (members) members.push(matrix);
    else groups.set(key, [matrix]);
  }
  return [...groups.values()];
}

/** A reason, said at the scope. */
export const said = (message: string | null): Misfit | null => (message === null ? null : { field: 'scope', message });
