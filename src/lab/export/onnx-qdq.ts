import type { Matrix } from '../compress/method.ts';
import { makeNode } from '../model/onnx.ts';
import { int64Tensor } from '../model/tensors.ts';
import { type Coded, refused, scaleInput, writeCoded } from './coded.ts';
import { byteTensor, floatTensor } from './floats.ts';
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
  const { codes, group, scales } = coded;
  const zeros = coded.zeros && wholeZeros(matrix, coded.zeros);
  const unique = (part: string) => graph.unique(`${site.name}.${part}`);
  /** Adds a node that makes one tensor, right before the layer. */
  const make = (op: string, part: string, input: string[], attributes: Parameters<typeof makeNode>[4] = {}) => {
    const name = unique(part);
    graph.before(node, makeNode(op, name, input, [name], attributes));
    return name;
  };
  if (coded.columnScales) scaleInput(placed, coded.columnScales);

  const perRow = columns / group;
  const oneEach = group === columns;
  const blocked = group < columns;
  if (group < codes.length && !oneEach && !(blocked && Number.isInteger(perRow)))
    throw refused(matrix, `a scale is for ${group} weights, across its rows`);
  // Before operator set 21 a scale is for a whole row: each group becomes one.
  const asRows = blocked && graph.opset < blockOpset;
  const laid = turned || asRows;
  const lay = <T extends Float32Array | Uint8Array | Int8Array>(values: T, width: number): T =>
    laid ? values : turn(values, rows, width);
  let dims = laid ? [1, rows, columns] : [1, columns, rows];
  let scaleDims: number[] = [];
  let attributes: Record<string, number> = {};
  if (asRows) {
    dims = [rows * perRow, group];
    scaleDims = [rows * perRow];
    attributes = { axis: 0 };
  } else if (blocked) {
    scaleDims = laid ? [1, rows, perRow] : [1, perRow, rows];
    attributes = { axis: laid ? 2 : 1, block_size: group };
  } else if (oneEach) {
    scaleDims = [rows];
    attributes = { axis: laid ? 1 : 2 };
  }
  const runsPerRow = scaleDims.length === 3 ? perRow : 1;
  const inputs = [
    graph.add(byteTensor(unique('codes'), dims, lay(codes, columns))),
    graph.add(floatTensor(unique('scales'), scaleDims, lay(scales, runsPerRow))),
  ];
  if (zeros) inputs.push(graph.add(byteTensor(unique('zeros'), scaleDims, lay(zeros, runsPerRow))));
  const weights = make('DequantizeLinear', 'weights', inputs, attributes);
  const shape = graph.add(int64Tensor(unique('shape'), [2], laid ? [rows, columns] : [columns, rows]));
  const shaped = make('Reshape', 'matrix', [weights, shape]);
  const isTurned = laid === turned;
  graph.setInput(node, site.input, isTurned ? shaped : make('Transpose', 'turned', [shaped], { perm: [1, 0] }));
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
