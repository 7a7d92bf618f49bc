import type { Site, SiteKind } from '../model/site.ts';
import { type Matrix, type Method, noContext } from './method.ts';
import { startMatrix } from './size.ts';

/** A site for the tests of this folder; `rows` and `columns` are outputs and inputs. */
export function makeSite(name: string, rows: number, columns: number, more: Partial<Site> = {}): Site {
  return {
    name,
    kind: 'query' satisfies SiteKind,
    role: 'attention',
    family: 'encoder',
    stack: 'encoder',
    cross: false,
    layer: 0,
    shape: [rows, columns],
    initializer: name,
    node: name,
    input: 1,
    transposed: true,
    dtype: 'float16',
    tied: false,
    ...more,
  };
}

/** A matrix from its rows, for the tests of this folder. */
export function makeMatrix(rows: readonly (readonly number[])[], name = 'a', more: Partial<Site> = {}): Matrix {
  const site = makeSite(name, rows.length, rows[0].length, more);
  return startMatrix({ site, values: Float32Array.from(rows.flat()) });
}

/** Applies one method to matrices, for the tests of methods that need nothing but the weights. */
export function compress<Params>(method: Method<Params>, matrices: readonly Matrix[], params: Params): Matrix[] {
  return method.apply(matrices, params, noContext);
}
