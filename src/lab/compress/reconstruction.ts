import type { SiteActivations } from './method.ts';

/**
 * How far the outputs of a compressed layer are from those that it had, on the calibration's texts: what layer-wise
 * methods make small. All of it is about the weights: the layer is given the uncompressed model's activations, and
 * rounding of activations (`Matrix.activations`) has no part in it.
 */
export interface SiteReconstruction {
  site: string;
  /**
   * Σ |W'x - Wx|² / Σ |Wx|² over the tokens; 0 where nothing changed, Infinity (null in JSON) where the outputs were 0
   * and are not any more.
   */
  relativeError: number;
  /** The same error as a share of the output's variance, Σ |Wx - mean of Wx|²; the same at the ends. */
  varianceShare: number;
  /** 10 · log10(Σ |Wx|² / Σ |W'x - Wx|²), in dB; null where there is no error. */
  snrDb: number | null;
}

/** A layer before and after: row-major [rows, columns]. */
export interface OutputError {
  site: string;
  rows: number;
  columns: number;
  original: Float32Array;
  compressed: Float32Array;
  activations: SiteActivations;
}

/** How many multiplications make a piece: some ten milliseconds. */
const pieceSize = 2 ** 24;

/** Rows that go through the Gram matrix together, so that it is read from memory once for all of them. */
const together = 4;

/**
 * The reconstruction errors of layers. With D = W' - W and G = Σ x xᵀ, Σ |Dx|² is tr(D G Dᵀ): the texts need not be run
 * again. In double precision; each entry of the symmetric G above the diagonal is read once.
 *
 * @param layers whose `activations` have a Gram matrix; taken one by one, so that they can be made so
 * @param count how many there are
 * @returns work that yields the share that is done
 */
export function* reconstructionWork(
  layers: Iterable<OutputError>,
  count: number,
): Generator<number, SiteReconstruction[], void> {
  const done: SiteReconstruction[] = [];
  for (const { site, rows, columns, original, compressed, activations } of layers) {
    const { gram, sum, tokens } = activations;
    const difference = new Float64Array(together * columns);
    const whole = new Float64Array(together * columns);
    let error = 0;
    let signal = 0;
    /** |W Σx|². */
    let mean = 0;
    let work = 0;
    for (let row = 0; row < rows; row += together) {
      // The last rows may be fewer: rows of zeros add nothing.
      difference.fill(0);
      whole.fill(0);
      const from = row * columns;
      const length = Math.min(together, rows - row) * columns;
      let isChanged = false;
      for (let i = 0; i < length; i++) {
        whole[i] = original[from + i];
        difference[i] = compressed[from + i] - original[from + i];
        if (difference[i] !== 0) isChanged = true;
      }
      signal += quadratic(whole, gram!, columns);
      if (isChanged) error += quadratic(difference, gram!, columns);
      for (let start = 0; start < length; start += columns) {
        let output = 0;
        for (let c = 0; c < columns; c++) output += whole[start + c] * sum[c];
        mean += output * output;
      }
      work += together * columns * columns;
      if (work < pieceSize) continue;
      work = 0;
      yield (done.length + Math.min(1, (row + together) / rows)) / count;
    }
    done.push({
      site,
      relativeError: share(error, signal),
      varianceShare: share(error, signal - mean / tokens),
      snrDb: error > 0 && signal > 0 ? 10 * Math.log10(signal / error) : null,
    });
    yield done.length / count;
  }
  return done;
}

/** Σ x G xᵀ over four rows x; G is symmetric, so only what stands right of its diagonal is read. */
function quadratic(x: Float64Array, gram: Float64Array, n: number): number {
  const [b, c, d] = [n, 2 * n, 3 * n];
  let total = 0;
  for (let i = 0; i < n; i++) {
    const [x0, x1, x2, x3] = [x[i], x[b + i], x[c + i], x[d + i]];
    if (x0 === 0 && x1 === 0 && x2 === 0 && x3 === 0) continue;
    const row = i * n;
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let j = i + 1; j < n; j++) {
      const g = gram[row + j];
      s0 += g * x[j];
      s1 += g * x[b + j];
      s2 += g * x[c + j];
      s3 += g * x[d + j];
    }
    const g = gram[row + i];
    total += x0 * (2 * s0 + g * x0) + x1 * (2 * s1 + g * x1) + x2 * (2 * s2 + g * x2) + x3 * (2 * s3 + g * x3);
  }
  return total;
}

/** No error is none of anything; some error where there was nothing is beyond all measure. */
function share(error: number, of: number): number {
  if (error <= 0) return 0;
  return of > 0 ? error / of : Number.POSITIVE_INFINITY;
}
