import { LabError } from '../errors.ts';
import { allFinite } from './finite.ts';
import type { Matrix } from './method.ts';

/**
 * What was computed for a matrix, once it is known to be finite.
 *
 * @throws LabError `bad-model` where float32 could not hold it
 */
export function fitting(matrix: Matrix, values: Float32Array): Float32Array {
  if (allFinite(values)) return values;
  throw new LabError(
    'bad-model',
    `The weights of ${matrix.site.name} are too large: what is computed from them does not fit float32.`,
    'Choose a scope without this layer, or another model.',
  );
}
