import { type Context, finish, type Matrix, type Method, noContext, type SiteActivations } from '../compress/method.ts';
import { startMatrix } from '../compress/size.ts';
import type { Site, SiteKind } from '../model/site.ts';

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

/** Applies one method to matrices, for the tests of this folder. */
export function compress<Params>(
  method: Method<Params>,
  matrices: readonly Matrix[],
  params: Params,
  context: Partial<Context> = {},
): Matrix[] {
  return finish(method.apply(matrices, params, { ...noContext, ...context }));
}

/** What would have been measured, had these rows [tokens][columns] entered a matrix. */
export function activationsFrom(tokens: readonly (readonly number[])[]): SiteActivations {
  const columns = tokens[0].length;
  const column = (make: (x: number) => number) =>
    Float64Array.from({ length: columns }, (_, c) => tokens.reduce((sum, row) => sum + make(row[c]), 0));
  const gram = new Float64Array(columns * columns);
  for (const row of tokens)
    for (let i = 0; i < columns; i++) for (let j = 0; j < columns; j++) gram[i * columns + j] += row[i] * row[j];
  return {
    tokens: tokens.length,
    sum: column((x) => x),
    absSum: column(Math.abs),
    energy: column((x) => x * x),
    absMax: Float32Array.from({ length: columns }, (_, c) => Math.max(...tokens.map((row) => Math.abs(row[c])))),
    gram,
  };
}
