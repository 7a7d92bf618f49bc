/** A part of a row-major matrix: its first element is at `at`, and a row follows the one before it after `step`. */
export interface Block {
  data: Float64Array;
  at: number;
  step: number;
}

/** So many doubles of eight rows fit the faster caches. */
const panel = 512;

/**
 * c -= aᵀ · b, in place, with c [m, n], a [k, m] and b [k, n]. The blocks of c must not overlap those of a and b.
 *
 * Every product of this folder and of the methods that pass errors on has this form, in which the inner loop runs along
 * rows of b and c. It takes four rows of each at a time, because what a just-in-time compiler makes of it is bound by
 * loads and stores, and so each serves four products.
 */
export function subtractProduct(c: Block, a: Block, b: Block, m: number, n: number, k: number): void {
  for (let from = 0; from < n; from += panel) {
    const width = Math.min(panel, n - from);
    let row = 0;
    for (; row + 3 < m; row += 4) fourRows(c, c.at + row * c.step + from, a, a.at + row, b, b.at + from, width, k);
    for (; row < m; row++) oneRow(c, c.at + row * c.step + from, a, a.at + row, b, b.at + from, width, k);
  }
}

function fourRows(c: Block, w: number, a: Block, aAt: number, b: Block, bAt: number, width: number, k: number): void {
  const [to, by, from] = [c.data, a.data, b.data];
  const x = w + c.step;
  const y = x + c.step;
  const z = y + c.step;
  let term = 0;
  for (; term + 3 < k; term += 4) {
    const p0 = aAt + term * a.step;
    const p1 = p0 + a.step;
    const p2 = p1 + a.step;
    const p3 = p2 + a.step;
    const [w0, w1, w2, w3] = [by[p0], by[p1], by[p2], by[p3]];
    const [x0, x1, x2, x3] = [by[p0 + 1], by[p1 + 1], by[p2 + 1], by[p3 + 1]];
    const [y0, y1, y2, y3] = [by[p0 + 2], by[p1 + 2], by[p2 + 2], by[p3 + 2]];
    const [z0, z1, z2, z3] = [by[p0 + 3], by[p1 + 3], by[p2 + 3], by[p3 + 3]];
    const q0 = bAt + term * b.step;
    const q1 = q0 + b.step;
    const q2 = q1 + b.step;
    const q3 = q2 + b.step;
    for (let i = 0; i < width; i++) {
      const b0 = from[q0 + i];
      const b1 = from[q1 + i];
      const b2 = from[q2 + i];
      const b3 = from[q3 + i];
      to[w + i] -= w0 * b0 + w1 * b1 + w2 * b2 + w3 * b3;
      to[x + i] -= x0 * b0 + x1 * b1 + x2 * b2 + x3 * b3;
      to[y + i] -= y0 * b0 + y1 * b1 + y2 * b2 + y3 * b3;
      to[z + i] -= z0 * b0 + z1 * b1 + z2 * b2 + z3 * b3;
    }
  }
  for (; term < k; term++)
    for (let row = 0; row < 4; row++) {
      const factor = by[aAt + term * a.step + row];
      subtractRow(to, w + row * c.step, factor, from, bAt + term * b.step, width);
    }
}

function oneRow(c: Block, w: number, a: Block, aAt: number, b: Block, bAt: number, width: number, k: number): void {
  const [to, by, from] = [c.data, a.data, b.data];
  let term = 0;
  for (; term + 3 < k; term += 4) {
    const p = aAt + term * a.step;
    const [w0, w1, w2, w3] = [by[p], by[p + a.step], by[p + 2 * a.step], by[p + 3 * a.step]];
    const q0 = bAt + term * b.step;
    const q1 = q0 + b.step;
    const q2 = q1 + b.step;
    const q3 = q2 + b.step;
    for (let i = 0; i < width; i++)
      to[w + i] -= w0 * from[q0 + i] + w1 * from[q1 + i] + w2 * from[q2 + i] + w3 * from[q3 + i];
  }
  for (; term < k; term++) subtractRow(to, w, by[aAt + term * a.step], from, bAt + term * b.step, width);
}

function subtractRow(
  to: Float64Array,
  at: number,
  factor: number,
  from: Float64Array,
  start: number,
  width: number,
): void {
  for (let i = 0; i < width; i++) to[at + i] -= factor * from[start + i];
}
