import type { Matrix } from '../compress/method.ts';
import { makeNode, type NodeProto } from '../onnx/onnx.ts';
import { type Coded, refused, scaleInput, writeCoded } from './coded.ts';
import { byteTensor, weightTensor } from './floats.ts';
import type { ExportFormat } from './format.ts';
import type { Placed } from './graphs.ts';

/** ONNX Runtime's own operators. */
const domain = 'com.microsoft';

/** Blocks that ONNX Runtime takes on processors (1.30), widest first. */
const blocks = [256, 128, 64, 32, 16];

/** Rounded layers as MatMulNBits. */
export const onnxNbits: ExportFormat = {
  id: 'onnx-nbits',
  label: 'ONNX with 4- or 8-bit weights',
  help:
    'Rounded layers hold their codes, in 4 bits where that is enough and else in 8, with a scale for every block: ' +
    'small files, which ONNX Runtime multiplies with as they are (MatMulNBits), in browsers too. Other runtimes do ' +
    'not know the operator: take onnx-qdq for those.',
  runs: true,
  write: (job) => writeCoded(job, writeBlocks),
};

/**
 * Puts MatMulNBits in a layer's place. Codes are [rows, blocks, block · bits / 8] bytes, the lowest bits first; the last
 * block of a row may be filled up. Signed codes are shifted by half of the range, which is what the operator takes away
 * where it is given no zero points.
 */
function writeBlocks(placed: Placed, coded: Coded): void {
  const { matrix, graph, place } = placed;
  const { rows, columns } = matrix;
  const { node, site } = place;
  const bits = coded.bits <= 4 ? 4 : 8;
  const block = blockOf(matrix, coded);
  const perRow = Math.ceil(columns / block);
  /** The run of each block. */
  const runs = Uint32Array.from({ length: rows * perRow }, (_, at) => {
    const start = Math.floor(at / perRow) * columns + (at % perRow) * block;
    return Math.floor(start / coded.group);
  });
  if (coded.columnScales) scaleInput(placed, coded.columnScales);
  const packed = byteTensor(
    graph.unique(`${site.name}.codes`),
    [rows, perRow, (block * bits) / 8],
    packCodes(coded, rows, columns, block, bits),
  );
  const scales = weightTensor(
    graph.unique(`${site.name}.scales`),
    [runs.length],
    Float32Array.from(runs, (run) => coded.scales[run]),
  );
  const inputs = [node.input[0], graph.add(packed), graph.add(scales)];
  if (coded.zeros) {
    const zeros = Float32Array.from(runs, (run) => coded.zeros![run]);
    const name = graph.unique(`${site.name}.zeros`);
    if (zeros.every((zero) => Number.isInteger(zero) && zero >= 0 && zero < 2 ** bits)) {
      const bytes = packZeros(zeros, rows, perRow, bits);
      inputs.push(graph.add(byteTensor(name, [bytes.length], bytes)));
    } else if (bits === 4) inputs.push(graph.add(weightTensor(name, [zeros.length], zeros)));
    else throw refused(matrix, 'its zero points are no whole numbers, which codes of more than 4 bits need');
  }
  // 1: computed in float32, not with inputs rounded to 8 bits.
  const attributes = { K: columns, N: rows, bits, block_size: block, accuracy_level: 1 };
  const result = node.output[0];
  const isGemm = node.opType === 'Gemm';
  const bias = isGemm ? node.input[2] : undefined;
  const product = bias ? graph.unique(`${site.name}.product`) : result;
  const added: NodeProto[] = [{ ...makeNode('MatMulNBits', node.name ?? '', inputs, [product], attributes), domain }];
  if (isGemm) requirePlain(matrix, node);
  if (bias) added.push(makeNode('Add', `${site.name}.bias`, [product, bias], [result]));
  graph.importDomain(domain, 1);
  graph.replaceNode(node, ...added);
}

/** How many consecutive inputs share a scale in the file. */
function blockOf(matrix: Matrix, { group }: Coded): number {
  const { columns } = matrix;
  // One scale for a row, or for several: it is repeated. Where no block fills the row, the last one is filled up.
  if (group % columns === 0) return blocks.find((block) => columns % block === 0) ?? (columns > 16 ? 32 : 16);
  const block = columns % group === 0 ? blocks.find((size) => group % size === 0) : undefined;
  if (block !== undefined) return block;
  throw refused(
    matrix,
    `a scale is for ${group} inputs, and blocks have ${blocks.join(', ')}`,
    'Choose groups of a multiple of 16 inputs, or one scale per output row; or export it as onnx.',
  );
}

function packCodes({ codes, zeros }: Coded, rows: number, columns: number, block: number, bits: 4 | 8): Uint8Array {
  const shift = zeros ? 0 : 2 ** (bits - 1);
  const width = Math.ceil(columns / block) * block;
  const packed = new Uint8Array((rows * width * bits) / 8);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const code = codes[r * columns + c] + shift;
      const at = r * width + c;
      if (bits === 8) packed[at] = code;
      else packed[at >> 1] |= code << ((at & 1) << 2);
    }
  return packed;
}

/** Zero points, packed as codes are; each row begins with a whole byte. */
function packZeros(zeros: Float32Array, rows: number, perRow: number, bits: 4 | 8): Uint8Array {
  if (bits === 8) return Uint8Array.from(zeros);
  const bytes = Math.ceil(perRow / 2);
  const packed = new Uint8Array(rows * bytes);
  zeros.forEach((zero, at) => {
    const block = at % perRow;
    packed[Math.floor(at / perRow) * bytes + (block >> 1)] |= zero << ((block & 1) << 2);
  });
  return packed;
}

/** MatMulNBits multiplies and does nothing else. */
function requirePlain(matrix: Matrix, node: NodeProto): void {
  const value = (name: string) => node.attribute.find((attribute) => attribute.name === name);
  if ((value('alpha')?.f ?? 1) === 1 && (value('beta')?.f ?? 1) === 1 && Number(value('transA')?.i ?? 0) === 0) return;
  throw refused(matrix, 'its Gemm turns or scales what it multiplies');
}
