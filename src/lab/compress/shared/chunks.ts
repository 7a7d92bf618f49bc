import type { ChunkedWork, Matrix } from '../method.ts';

/**
 * The work of a method that treats each matrix by itself and takes long over it: as `eachMatrix`, but a matrix is work
 * in pieces too, and a large one counts for more.
 *
 * @param cost how long a matrix takes, in any unit
 */
export function* inChunks(
  matrices: readonly Matrix[],
  cost: (matrix: Matrix) => number,
  change: (matrix: Matrix, index: number) => Generator<number, Matrix, void>,
): ChunkedWork {
  const costs = matrices.map(cost);
  const total = costs.reduce((sum, one) => sum + one, 0);
  const done: Matrix[] = [];
  let before = 0;
  for (const [index, matrix] of matrices.entries()) {
    done.push(yield* within(change(matrix, index), before / total, (before + costs[index]) / total));
    before += costs[index];
    yield before / total;
  }
  return done;
}

/** Work within other work: what it yields, 0 to 1, is told as `from` to `to`. */
export function* within<Result>(
  work: Generator<number, Result, void>,
  from: number,
  to: number,
): Generator<number, Result, void> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    yield from + (to - from) * step.value;
  }
}
