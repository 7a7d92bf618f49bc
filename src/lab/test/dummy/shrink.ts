import { z } from 'zod';
import { eachMatrix, type Method, withValues } from '../../compress/method.ts';
import { checkFinite } from '../../compress/shared/finite.ts';

// A method that nobody needs: tests add it to the registry, and look for it in every place where a method belongs.

const params = z.strictObject({
  share: z.number().min(0).max(1).default(0.5).meta({
    title: 'Shrunk by',
    description: 'What share of its size each weight loses.',
    step: 0.01,
  }),
  only: z
    .enum(['positive', 'all'])
    .default('all')
    .meta({
      title: 'Which weights',
      words: { positive: 'those above zero', all: 'every weight' },
      description: 'Whether negative weights keep their size.',
    }),
});

export const shrink: Method<z.output<typeof params>> = {
  id: 'shrink',
  label: 'Make weights smaller',
  term: 'uniform shrinkage',
  kind: 'prune',
  group: 'weights',
  help: 'Multiplies each weight by one number. It saves nothing.',
  citation: { text: 'Nobody 2026, Of No Use', url: 'https://example.org/shrink' },
  needs: () => 'nothing',
  params,
  axis: {
    label: 'Shrunk by',
    unit: 'share',
    levels: [25, 50].map((share) => ({ label: `${share} %`, value: share / 100, params: { share: share / 100 } })),
  },
  describe: ({ share, only }) => ({ effect: `weights shrunk by ${share * 100} %`, how: only }),
  apply: (matrices, { share, only }) =>
    eachMatrix(matrices, (matrix) => {
      checkFinite(matrix);
      const shrunk = matrix.values.map((value) => (only === 'all' || value > 0 ? value * (1 - share) : value));
      return withValues(matrix, shrunk);
    }),
};
