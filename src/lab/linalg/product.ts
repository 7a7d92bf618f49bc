/** A part of a row-major matrix: its first element is at `at`, and a row follows the one before it after `step`. */
export interface Block {
  data: Float64Array;
  at: number;
  step: number;
}

/** So many doubles of a row fit the fastest cache three times. */
const panel = 512;

/**
 * c -= aᵀ · b, in place, with c [m, n], a [k, m] and b [k, n]. The blocks of c must not overlap those of a and b.
 *
 * Every product of this folder and of the methods that pass errors on has this form, in which the inner loop runs along
 * rows of b and c. It takes two rows of c and four of b at a time, because what a just-in-time compiler makes of it is
 * bound by loads and stores: one load serves two products, one store four.
 */
export function subtractProduct(c: Block, a: Block, b: Block, m: number, n: number, k: number): void {
  for (let from = 0; from < n; from += panel) {
    const width = Math.min(panel, n - from);
    let row = 0;
    for (; row + 1 < m; row += 2) twoRows(c, c.at + row * c.step + from, a, a.at + row, b, b.at + from, width, k);
    if (row < m) oneRow(c, c.at + row * c.step + from, a, a.at + row, b, b.at + from, width, k);
  }
}

function twoRows(c: Block, cAt: number, a: Block, aAt: number, b: Block, bAt: number, width: number, k: number): void {
  const [to, by, from] = [c.data, a.data, b.data];
  const second = c.step;
  let term = 0;
  for (; term + 3 < k; term += 4) {
    const p = aAt + term * a.step;
    const [x0, x1, x2, x3] = [by[p], by[p + a.step], by[p + 2 * a.step], by[p + 3 * a.step]];
    const [y0, y1, y2, y3] = [by[p + 1], by[p + a.step + 1], by[p + 2 * a.step + 1], by[p + 3 * a.step + 1]];
    const q0 = bAt + term * b.step;
    const [q1, q2, q3] = [q0 + b.step, q0 + 2 * b.step, q0 + 3 * b.step];
    for (let i = 0; i < width; i++) {
      const b0 = from[q0 + i];
      const b1 = from[q1 + i];
      const b2 = from[q2 + i];
      const b3 = from[q3 + i];
      to[cAt + i] -= x0 * b0 + x1 * b1 + x2 * b2 + x3 * b3;
      to[cAt + second + i] -= y0 * b0 + y1 * b1 + y2 * b2 + y3 * b3;
    }
  }
  for (; term < k; term++) {
    const p = aAt + term * a.step;
    addRow(to, cAt, -by[p], from, bAt + term * b.step, width);
    addRow(to, cAt + second, -by[p + 1], from, bAt + term * b.step, width);
  }
}

function oneRow(c: Block, cAt: number, a: Block, aAt: number, b: Block, bAt: number, width: number, k: number): void {
  const [to, by, from] = [c.data, a.data, b.data];
  let term = 0;
  for (; term + 3 < k; term += 4) {
    const p = aAt + term * a.step;
    const [x0, x1, x2, x3] = [by[p], by[p + a.step], by[p + 2 * a.step], by[p + 3 * a.step]];
    const q0 = bAt + term * b.step;
    const [q1, q2, q3] = [q0 + b.step, q0 + 2 * b.step, q0 + 3 * b.step];
    for (let i = 0; i < width; i++)
      to[cAt + i] -= x0 * from[q0 + i] + x1 * from[q1 + i] + x2 * from[q2 + i] + x3 * from[q3 + i];
  }
  for (; term < k; term++) addRow(to, cAt, -by[aAt + term * a.step], from, bAt + term * b.step, width);
}

function addRow(to: Float64Array, at: number, factor: number, from: Float64Array, start: number, width: number): void {
  for (let i = 0; i < width; i++) to[at + i] += factor * from[start + i];
}
