import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CodeGrid, Matrix } from '../compress/method.ts';
import { quantized, withValues } from '../compress/method.ts';
import { rtn } from '../compress/methods/rtn.ts';
import { intAttribute, makeNode } from '../onnx/onnx.ts';
import { readFloats } from '../onnx/tensors.ts';
import { graphOf, jobOf, tiedEncoder } from '../test/exports.ts';
import { tinyEncoder } from '../test/graphs.ts';
import { compress } from '../test/matrices.ts';
import { weightTensor } from './floats.ts';
import { onnxNbits } from './onnx-nbits.ts';

type Proto = ReturnType<typeof graphOf>;

/** A model whose feed-forward output layer has another shape: [rows, columns]. */
function withShape(rows: number, columns: number, values: Float32Array): Proto {
  const proto = tinyEncoder();
  proto.graph.initializer = proto.graph.initializer.map((tensor) =>
    tensor.name === 'f.w' ? weightTensor('f.w', [columns, rows], values) : tensor,
  );
  return proto;
}

const layer = 'encoder.0.feed-forward.output';

/** The same change for one layer, none for the others. */
const only = (change: (matrix: Matrix) => Matrix) => (matrix: Matrix) =>
  matrix.site.name === layer ? change(matrix) : matrix;

const round = (params: object) => (matrix: Matrix) => compress(rtn, [matrix], rtn.params.parse(params))[0];

/** What the operator's definition makes of its inputs: the matrix [rows, columns]. */
function readBlocks(proto: Proto, result = 'f'): { values: Float32Array; bits: number; block: number } {
  const node = proto.graph.node.find(({ output }) => output[0] === result)!;
  expect([node.opType, node.domain]).toEqual(['MatMulNBits', 'com.microsoft']);
  const [rows, columns, bits, block] = ['N', 'K', 'bits', 'block_size'].map((name) => intAttribute(node, name, 0));
  const [codes, scales, zeros] = node.input
    .slice(1)
    .map((name) => proto.graph.initializer.find((tensor) => tensor.name === name)!);
  const perRow = Math.ceil(columns / block);
  expect(codes.dims.map(Number)).toEqual([rows, perRow, (block * bits) / 8]);
  const unpack = (bytes: Uint8Array, at: number) =>
    bits === 8 ? bytes[at] : (bytes[Math.floor(at / 2)] >> (4 * (at % 2))) & 15;
  const scale = readFloats(scales);
  const bytesPerRow = Math.ceil((perRow * bits) / 8);
  const values = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const at = Math.floor(c / block);
      let zero = 2 ** (bits - 1);
      if (zeros?.dataType === 1) zero = readFloats(zeros)[r * perRow + at];
      else if (zeros) zero = unpack(zeros.rawData.subarray(r * bytesPerRow, (r + 1) * bytesPerRow), at);
      const code = unpack(codes.rawData, r * perRow * block + c);
      values[r * columns + c] = Math.fround(code - zero) * scale[r * perRow + at];
    }
  return { values, bits, block };
}

describe('MatMulNBits', () => {
  it('has two codes in a byte, the first one low, and half of the range for zero', () => {
    // Scales are 1 and 2; codes 7, -7, 1, 0 and -7, 3, 0, 1, shifted by 8.
    const values = Float32Array.of(7, -7, 1, 0, -14, 6, 0, 2);
    const back = graphOf(onnxNbits.write(jobOf(withShape(2, 4, transposed(values, 2, 4)), only(round({ bits: 4 })))));
    const tensor = (name: string) => back.graph.initializer.find((entry) => entry.name === `${layer}.${name}`)!;
    expect([...tensor('codes').rawData.subarray(0, 2)]).toEqual([0x1f, 0x89]);
    expect([...tensor('codes').rawData.subarray(8, 10)]).toEqual([0xb1, 0x98]);
    expect([...readFloats(tensor('scales'))]).toEqual([1, 2]);
    expect(back.graph.node.find(({ opType }) => opType === 'MatMulNBits')!.input).toHaveLength(3);
    expect(back.opsetImport.map(({ domain, version }) => [domain, version])).toContainEqual(['com.microsoft', 1n]);
    // What it was before is gone.
    expect(back.graph.initializer.map(({ name }) => name)).not.toContain('f.w');
    expect(back.graph.node.map(({ opType }) => opType)).toContain('MatMul');
  });

  it('holds the matrix that was rounded, in whatever way', () => {
    const shape = fc.record({
      rows: fc.integer({ min: 1, max: 5 }),
      columns: fc.constantFrom(4, 16, 24, 32, 40, 48, 96, 512),
      bits: fc.integer({ min: 2, max: 8 }),
      scheme: fc.constantFrom('symmetric', 'asymmetric'),
      granularity: fc.constantFrom('tensor', 'channel', 'group'),
      seed: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(shape, ({ rows, columns, bits, scheme, granularity, seed }) => {
        const values = Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * seed) + 0.2);
        const group = [64, 48, 32, 16].find((size) => columns % size === 0);
        const given = granularity === 'group' ? (group ? `group-${group}` : 'channel') : granularity;
        let rounded: Matrix | undefined;
        const change = only((matrix) => {
          rounded = round({ bits, scheme, granularity: given })(matrix);
          return rounded;
        });
        const made = readBlocks(graphOf(onnxNbits.write(jobOf(withShape(rows, columns, values), change))));
        expect(made.values).toEqual(rounded!.values);
        expect(made.bits).toBe(bits <= 4 ? 4 : 8);
        if (given === 'group-48') expect(made.block).toBe(16);
        if (given !== 'group-48' && columns === 512) expect(made.block).toBe(given === 'group-64' ? 64 : 256);
      }),
      { numRuns: 60 },
    );
  });

  const fractional: CodeGrid = {
    kind: 'uniform',
    group: 16,
    bits: 4,
    scales: Float32Array.of(0.5, 2),
    zeros: Float32Array.of(7.25, 0.5),
  };
  const onGrid = ({ scales, zeros, group }: CodeGrid & { kind: 'uniform' }) =>
    Float32Array.from(
      { length: 32 },
      (_, i) => ((i % 16) - zeros![Math.floor(i / group)]) * scales[Math.floor(i / group)],
    );

  it('has zero points that are no whole numbers as they are, in 4 bits', () => {
    const values = onGrid(fractional as CodeGrid & { kind: 'uniform' });
    const change = only((matrix) => quantized(matrix, values, fractional, 0));
    const made = readBlocks(graphOf(onnxNbits.write(jobOf(withShape(2, 16, values), change))));
    expect(made.values).toEqual(values);
  });

  it('divides what enters by the scales of its columns', () => {
    const columnScales = Float32Array.from({ length: 16 }, (_, c) => 2 ** (c % 3));
    const values = Float32Array.from({ length: 32 }, (_, i) => ((i % 15) - 7) / columnScales[i % 16]);
    const grid: CodeGrid = {
      kind: 'uniform',
      group: 16,
      bits: 4,
      scales: Float32Array.of(1, 1),
      zeros: null,
      columnScales,
    };
    const change = only((matrix) => quantized(matrix, values, grid, 0));
    const back = graphOf(
      onnxNbits.write(
        jobOf(
          withShape(
            2,
            16,
            values.map((w) => w + 1),
          ),
          change,
        ),
      ),
    );
    const made = readBlocks(back);
    expect(made.values).toEqual(values.map((value, i) => value * columnScales[i % 16]));
    const node = back.graph.node.find(({ output }) => output[0] === 'f')!;
    const mul = back.graph.node.find(({ output }) => output[0] === node.input[0])!;
    expect([mul.opType, mul.input[0]]).toEqual(['Mul', 'relu']);
    const factors = back.graph.initializer.find(({ name }) => name === mul.input[1])!;
    expect(readFloats(factors)).toEqual(columnScales.map((scale) => 1 / scale));
  });

  it('stands in a Gemm’s place with its bias added behind it, and leaves a tied embedding alone', () => {
    const proto = tiedEncoder({ gemm: true });
    const { graph } = proto;
    graph.initializer.push(weightTensor('bias', [4], Float32Array.of(1, 2, 3, 4)));
    graph.node.find(({ output }) => output[0] === 'f.gemm')!.input.push('bias');
    const change = (matrix: Matrix) => round({ bits: 8 })(matrix);
    const back = graphOf(onnxNbits.write(jobOf(proto, change)));
    const add = back.graph.node.find(({ output }) => output[0] === 'f.gemm')!;
    expect([add.opType, add.input[1]]).toEqual(['Add', 'bias']);
    readBlocks(back, add.input[0]);
    readBlocks(back, 'logits');
    expect(back.graph.initializer.map(({ name }) => name)).toContain('embedding');
    expect(back.graph.node.some(({ opType }) => opType === 'Gemm' || opType === 'MatMul')).toBe(true);
    expect(back.graph.node.some(({ opType }) => opType === 'Gemm')).toBe(false);
  });

  it('leaves what was pruned alone dense', () => {
    const change = (matrix: Matrix) =>
      matrix.site.name === layer
        ? round({ bits: 4 })(matrix)
        : withValues(
            matrix,
            matrix.values.map((value) => Math.max(value, 0)),
          );
    const proto = tinyEncoder();
    const back = graphOf(onnxNbits.write(jobOf(proto, change)));
    expect(back.graph.node.filter(({ opType }) => opType === 'MatMulNBits')).toHaveLength(1);
    const query = back.graph.initializer.find(({ name }) => name === 'q.w')!;
    expect(readFloats(query).every((value) => value >= 0)).toBe(true);
  });
});

describe('what MatMulNBits cannot hold is refused with the layer’s name:', () => {
  const even = Float32Array.from({ length: 32 }, (_, i) => i % 8);
  const plain: CodeGrid = { kind: 'uniform', group: 16, bits: 4, scales: Float32Array.of(1, 1), zeros: null };
  const cases: [string, (matrix: Matrix) => Matrix, string][] = [
    [
      'levels from a table',
      (matrix) =>
        quantized(matrix, even, { ...plain, kind: 'table', levels: Float32Array.of(-1, 0, 1) } as CodeGrid, 0),
      'its levels come from a table and are no steps of one size',
    ],
    [
      'columns that were kept',
      (matrix) => quantized(matrix, even, { ...plain, keptColumns: Uint32Array.of(3) }, 0),
      'some of its inputs were not rounded',
    ],
    [
      'a low-rank correction',
      (matrix) => {
        const rounded = quantized(matrix, even, plain, 0);
        return { ...rounded, storage: { ...rounded.storage, correction: { rank: 1, base: even } } };
      },
      'a low-rank correction was added',
    ],
    ['groups of 8', round({ bits: 4, granularity: 'group-8' }), 'a scale is for 8 inputs'],
    [
      'zero points between whole numbers in 8 bits',
      (matrix) =>
        quantized(
          matrix,
          even.map((value) => value - 0.5),
          { ...plain, bits: 8, zeros: Float32Array.of(0.5, 0.5) },
          0,
        ),
      'zero points are no whole numbers',
    ],
    [
      'a zero that is no level',
      (matrix) =>
        quantized(
          matrix,
          even.map((value, i) => (i === 5 ? 0 : value - 0.5)),
          { ...plain, zeros: Float32Array.of(0.5, 0.5) },
          0,
        ),
      'a weight lies between two of its levels',
    ],
  ];

  it.each(cases)('%s', (_, change, message) => {
    const values = Float32Array.from({ length: 32 }, (__, i) => Math.sin(i));
    expect(() => onnxNbits.write(jobOf(withShape(2, 16, values), only(change)))).toThrow(
      expect.objectContaining({
        kind: 'bad-recipe',
        message: expect.stringMatching(new RegExp(`${layer}.*${message}`)),
        advice: expect.stringContaining('onnx'),
      }),
    );
  });

  it('a Gemm that turns its input', () => {
    const proto = tinyEncoder({ gemm: true });
    const gemm = proto.graph.node.find(({ output }) => output[0] === 'f.gemm')!;
    gemm.attribute.push(...makeNode('Gemm', '', [], [], { alpha: { float: 2 } }).attribute);
    expect(() => onnxNbits.write(jobOf(proto, only(round({ bits: 4 }))))).toThrow(`${layer} cannot be exported`);
  });

  it('a model of which nothing was rounded', () => {
    const pruned = (matrix: Matrix) =>
      withValues(
        matrix,
        matrix.values.map(() => 0),
      );
    expect(() => onnxNbits.write(jobOf(tinyEncoder(), pruned))).toThrow('No layer was rounded');
  });
});

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
}
