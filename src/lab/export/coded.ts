import { codesOf } from '../compress/codes.ts';
import type { Matrix } from '../compress/method.ts';
import { LabError } from '../errors.ts';
import { TensorProto_DataType as Type } from '../onnx/gen/onnx_pb.ts';
import { makeNode } from '../onnx/onnx.ts';
import { typeName } from '../onnx/tensors.ts';
import { weightTensor } from './floats.ts';
import type { ExportFiles, ExportJob } from './format.ts';
import { openGraphs, type Placed, writeGraphs } from './graphs.ts';
import { metadataOf } from './metadata.ts';
import { writeDense } from './onnx.ts';

/** A matrix as whole numbers: value = (code - zero) · scale, and divided by its column's scale where there are such. */
export interface Coded {
  /** [rows, columns], signed where there are no zero points. */
  codes: Uint8Array | Int8Array;
  bits: number;
  /** Consecutive codes that share a scale. */
  group: number;
  scales: Float32Array;
  zeros: Float32Array | null;
  columnScales?: Float32Array;
}

const dense = 'Export it as onnx, which writes every weight out.';

/** Refuses a matrix that a format cannot hold. */
export function refused({ site }: Matrix, why: string, advice = dense): LabError {
  return new LabError('bad-recipe', `The layer ${site.name} cannot be exported in this format: ${why}.`, advice);
}

/**
 * A matrix's codes, for formats that store whole numbers; null where it was not rounded, so that it stays dense.
 *
 * @throws LabError `bad-recipe` for codes that are no whole numbers times a scale (tables such as NF4's), columns that
 * were left as they came, matrices with two factors added, and layers that do not compute in float32
 */
export function codedOf({ matrix, place }: Placed): Coded | null {
  const { grid, correction } = matrix.storage;
  if (correction) throw refused(matrix, 'a low-rank correction was added to what was rounded');
  if (!grid) return null;
  if (grid.kind !== 'uniform') throw refused(matrix, 'its levels come from a table and are no steps of one size');
  if (grid.keptColumns?.length) throw refused(matrix, 'some of its inputs were not rounded');
  if (place.type !== Type.FLOAT)
    throw refused(matrix, `it computes in ${typeName(place.type)}, and codes are read as float32`);
  const { bits, group, scales, zeros, columnScales } = grid;
  const coded: Coded = { codes: codesOf(matrix), bits, group, scales, zeros, ...(columnScales && { columnScales }) };
  checkCodes(matrix, coded);
  return coded;
}

/** What was zeroed after it was rounded is on the grid only where zero is: what is not would come back as another value. */
function checkCodes(matrix: Matrix, { codes, group, scales, zeros, columnScales }: Coded): void {
  const { values, columns } = matrix;
  for (let i = 0; i < values.length; i++) {
    const run = Math.floor(i / group);
    const scale = columnScales ? scales[run] / columnScales[i % columns] : scales[run];
    const value = (codes[i] - (zeros ? zeros[run] : 0)) * scale;
    if (Math.abs(value - values[i]) > 1e-4 * scale + 1e-6 * Math.abs(value))
      throw refused(matrix, 'a weight lies between two of its levels, as zeros do after a rounding that has none');
  }
}

/**
 * Writes a model of which the rounded layers hold codes; the others are written as in `onnx`.
 *
 * @param write puts one matrix into its graph
 * @throws LabError `bad-recipe` where nothing was rounded, and see {@link codedOf}
 */
export function writeCoded(job: ExportJob, write: (placed: Placed, coded: Coded) => void): ExportFiles {
  const { graphs, placed } = openGraphs(job);
  let rounded = 0;
  for (const entry of placed) {
    const coded = codedOf(entry);
    if (coded) {
      rounded++;
      write(entry, coded);
    } else writeDense(entry);
  }
  if (rounded === 0)
    throw new LabError('bad-recipe', 'No layer was rounded to few bits, so there are no codes to export.', dense);
  return writeGraphs(graphs, metadataOf(job));
}

/** Multiplies what enters a layer by 1 / scale of each input, where its weights were multiplied by the scales. */
export function scaleInput({ graph, place }: Placed, columnScales: Float32Array): void {
  const { node, site } = place;
  const inverse = weightTensor(
    graph.unique(`${site.name}.input_scale`),
    [columnScales.length],
    columnScales.map((scale) => 1 / scale),
  );
  const scaled = graph.unique(`${site.name}.input`);
  graph.before(node, makeNode('Mul', scaled, [node.input[0], graph.add(inverse)], [scaled]));
  node.input[0] = scaled;
}
