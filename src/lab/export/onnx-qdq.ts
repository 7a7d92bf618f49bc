import type { Matrix } from '../compress/method.ts';
import { makeNode } from '../onnx/onnx.ts';
import { int64Tensor } from '../onnx/tensors.ts';
import { type Coded, refused, scaleInput, writeCoded } from './coded.ts';
import { byteTensor, weightTensor } from './floats.ts';
import type { ExportFormat } from './format.ts';
import type { Placed } from './graphs.ts';

/** The first operator set whose DequantizeLinear takes a scale for each block. */
const blockOpset = 21;

/** Rounded layers as int8 behind DequantizeLinear. */
export const onnxQdq: ExportFormat = {
  id: 'onnx-qdq',
  label: 'ONNX with int8 weights (QDQ)',
  help:
    'Rounded layers hold bytes, which the standard’s own DequantizeLinear turns back before they are multiplied: any ' +
    'runtime reads it. Fewer than 8 bits take a byte all the same: for smaller files take onnx-nbits.',
  runs: true,
  write: (job) => writeCoded(job, writeQdq),
};

/**
 * Puts bytes behind a DequantizeLinear in a matrix's place: signed ones where there are no zero points.
 *
 * They have a shape of their own, and a Reshape makes the matrix. ONNX Runtime (1.30, on processors) makes MatMulNBits
 * of a DequantizeLinear that feeds a MatMul directly, and then rounds what enters the layer to 8 bits
 * (session.qdq_matmulnbits_accuracy_level is 4 by default): predictions would be others than the lab's.
 */
function writeQdq(placed: Placed, coded: Coded): void {
  const { matrix, graph, place } = placed;
  const { rows, columns } = matrix;
  const { node, site, turned } = place;
  const zeros = coded.zeros && wholeZeros(matrix, coded.zeros);
  const { dims, scaleDims, attributes, perRow, rowsFirst } = layoutOf(placed, coded);
  const unique = (part: string) => graph.unique(`${site.name}.${part}`);
  /** Adds a node that makes one tensor, right before the layer. */
  const make = (op: string, part: string, input: string[], more: Parameters<typeof makeNode>[4] = {}) => {
    const name = unique(part);
    graph.before(node, makeNode(op, name, input, [name], more));
    return name;
  };
  const lay = <T extends Float32Array | Uint8Array | Int8Array>(values: T, width: number): T =>
    rowsFirst ? values : turn(values, rows, width);
  const inputs = [
    graph.add(byteTensor(unique('codes'), dims, lay(coded.codes, columns))),
    graph.add(weightTensor(unique('scales'), scaleDims, lay(coded.scales, perRow))),
  ];
  if (zeros) inputs.push(graph.add(byteTensor(unique('zeros'), scaleDims, lay(zeros, perRow))));
  const weights = make('DequantizeLinear', 'weights', inputs, attributes);
  const shape = int64Tensor(unique('shape'), [2], rowsFirst ? [rows, columns] : [columns, rows]);
  let operand = make('Reshape', 'matrix', [weights, graph.add(shape)]);
  if (rowsFirst !== turned) operand = make('Transpose', 'turned', [operand], { perm: [1, 0] });
  if (coded.columnScales) scaleInput(placed, coded.columnScales);
  graph.setInput(node, site.input, operand);
}

/** How codes and scales lie in the file. */
interface Layout {
  dims: number[];
  scaleDims: number[];
  attributes: Record<string, number>;
  /** Scales in a row of the matrix, where they are for parts of one; else 1. */
  perRow: number;
  /** Whether codes and scales lie as in the lab, [outputs, inputs]; else as a MatMul takes them. */
  rowsFirst: boolean;
}

function layoutOf({ matrix, graph, place }: Placed, { codes, group }: Coded): Layout {
  const { rows, columns } = matrix;
  const { turned: rowsFirst } = place;
  const dims = rowsFirst ? [1, rows, columns] : [1, columns, rows];
  if (group >= codes.length) return { dims, scaleDims: [], attributes: {}, perRow: 1, rowsFirst };
  if (group === columns)
    return { dims, scaleDims: [rows], attributes: { axis: rowsFirst ? 1 : 2 }, perRow: 1, rowsFirst };
  const perRow = columns / group;
  if (!Number.isInteger(perRow)) throw refused(matrix, `a scale is for ${group} weights, across its rows`);
  if (graph.opset >= blockOpset) {
    const scaleDims = rowsFirst ? [1, rows, perRow] : [1, perRow, rows];
    return { dims, scaleDims, attributes: { axis: rowsFirst ? 2 : 1, block_size: group }, perRow, rowsFirst };
  }
  // Older operator sets have one scale a row at most: each group becomes a row.
  const runs = rows * perRow;
  return { dims: [runs, group], scaleDims: [runs], attributes: { axis: 0 }, perRow, rowsFirst: true };
}

function wholeZeros(matrix: Matrix, zeros: Float32Array): Uint8Array {
  if (zeros.every((zero) => Number.isInteger(zero) && zero >= 0 && zero < 256)) return Uint8Array.from(zeros);
  throw refused(matrix, 'its zero points are no whole numbers of 8 bits');
}

/** [rows, columns] → [columns, rows]. */
function turn<T extends Float32Array | Uint8Array | Int8Array>(values: T, rows: number, columns: number): T {
  if (columns === 1) return values;
  const turned = values.slice() as T;
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) turned[c * rows + r] = values[r * columns + c];
  return turned;
}
