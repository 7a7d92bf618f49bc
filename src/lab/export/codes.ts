import type { Matrix } from '../compress/method.ts';

/** Stand-in until the other one is there. */
export function codesOf({ values, columns, storage }: Matrix): Uint8Array | Int8Array {
  const grid = storage.grid!;
  if (grid.kind !== 'uniform') throw new Error('table');
  const { group, scales, zeros, columnScales } = grid;
  const codes = zeros ? new Uint8Array(values.length) : new Int8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const run = Math.floor(i / group);
    const value = columnScales ? values[i] * columnScales[i % columns] : values[i];
    codes[i] = Math.round(value / scales[run] + (zeros ? zeros[run] : 0));
  }
  return codes;
}
