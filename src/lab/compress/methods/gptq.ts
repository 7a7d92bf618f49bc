import { z } from 'zod';
import { calibration } from '../calibration.ts';
import { type CodeGrid, type Matrix, type Method, quantized } from '../method.ts';
import { type BlockPlan, compensate, damping, type Sheet } from '../shared/compensate.ts';
import {
  bits,
  bitsAxis,
  grainWords,
  granularity,
  groupSize,
  rounder,
  runScale,
  scaleBits,
  scheme,
  topOf,
} from '../shared/grid.ts';

const params = z.strictObject({
  bits,
  scheme,
  granularity,
  order: z
    .enum(['columns', 'activity'])
    .default('columns')
    .meta({
      title: 'Order of inputs',
      words: { columns: 'as they stand', activity: 'strongest first (act-order)' },
      description:
        'Inputs are rounded as they stand, or those with the most energy first (act-order), while most can be made good.',
    }),
  damping,
  blocksize: z.int().min(8).max(1024).default(128).meta({
    title: 'Inputs at a time',
    description:
      'Inputs after which errors are passed on to all that follow: it changes the time, and the result by its rounding only.',
  }),
  ...calibration,
});

type Params = z.output<typeof params>;

/**
 * GPTQ (reference code of the authors, in double): inputs are rounded one after the other to the nearest level of the
 * grid that rtn has, and later inputs make good for the error. Scales of rows and matrices come from the weights as they
 * came; so do those of groups with order `activity` (static groups). With order `columns` a group's scale comes from
 * what its weights have become when its first input is reached. Weights of inputs that were always 0 become 0. A weight
 * that is 0 stays 0, unlike in the reference, and what it would have become is passed on.
 */
export const gptq: Method<Params> = {
  id: 'gptq',
  label: 'Round weights one after the other, the later ones making good',
  term: 'GPTQ quantization',
  kind: 'quantize',
  group: 'fitted',
  help:
    'Rounds the weights of one input after the other, and changes those still to come so that each layer gives nearly ' +
    'what it gave, measured on texts of the suite. It takes seconds, and pays at four bits and below; at eight plain ' +
    'rounding does as well.',
  citation: {
    text: 'Frantar et al. 2022, GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers',
    url: 'https://arxiv.org/abs/2210.17323',
  },
  needs: () => 'gram',
  params,
  axis: bitsAxis([8, 7, 6, 5, 4, 3, 2]),
  describe: ({ bits, scheme, granularity }) => ({
    effect: `${bits}-bit rounding`,
    how: `GPTQ, ${grainWords(granularity)}${scheme === 'asymmetric' ? ', asymmetric' : ''}`,
  }),
  apply(matrices, params, context) {
    return compensate(matrices, context, params.damping, params.order === 'activity', (matrix) => {
      const group = groupSize(matrix, params.granularity, 'gptq');
      return (sheet) => roundInputs(matrix, sheet, group, params);
    });
  },
};

function roundInputs(matrix: Matrix, sheet: Sheet, group: number, params: Params): BlockPlan {
  const { bits, scheme, blocksize } = params;
  const { rows, columns, weights, curvature } = sheet;
  const scales = new Float32Array(matrix.values.length / group);
  const zeros = new Float32Array(scales.length);
  const fit = (run: number, values: Float32Array | Float64Array, start: number) => {
    const { scale, zero } = runScale(matrix, values, start, start + group, bits, scheme);
    scales[run] = scale;
    zeros[run] = zero;
  };
  const onTheWay = params.order === 'columns' && params.granularity.startsWith('group');
  if (!onTheWay) for (let run = 0; run < scales.length; run++) fit(run, matrix.values, run * group);

  // One scale for all rows, or as many in each as it has groups.
  const perRow = group > columns ? 0 : columns / group;
  const gathered = new Float64Array(onTheWay ? group : 0);
  const top = topOf(bits, scheme);
  const lowest = scheme === 'symmetric' ? -top : 0;
  return {
    block: blocksize,
    unit: onTheWay ? group : blocksize,
    begin(start) {
      if (!onTheWay || start % group !== 0) return;
      for (let row = 0; row < rows; row++) {
        for (let i = 0; i < group; i++) gathered[i] = weights[(start + i) * rows + row];
        fit(row * perRow + start / group, gathered, 0);
      }
    },
    settle(column) {
      const at = column * rows;
      const part = perRow === 0 ? 0 : Math.floor(curvature.order[column] / group);
      for (let row = 0; row < rows; row++) {
        const scale = scales[row * perRow + part];
        const zero = zeros[row * perRow + part];
        const code = weights[at + row] / scale + rounder - rounder + zero;
        weights[at + row] = (Math.min(Math.max(code, lowest), top) - zero) * scale;
      }
    },
    made(values) {
      const grid: CodeGrid = { kind: 'uniform', bits, group, scales, zeros: scheme === 'symmetric' ? null : zeros };
      return quantized(matrix, values, grid, scales.length * (scheme === 'symmetric' ? scaleBits : scaleBits + bits));
    },
  };
}
