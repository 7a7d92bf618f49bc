import { z } from 'zod';
import type { Axis } from '../method.ts';

/** The parameter that every unstructured pruning method has: which share of the weights goes. */
export const sparsity = z.number().min(0).max(1).default(0.5).meta({
  title: 'Weights removed',
  description: 'Share of the weights that are set to zero: 0 removes none, 1 removes all.',
  step: 0.01,
});

/** 10 % to 90 %, the levels of the paper's pruning study (section 4.1). */
export const shareAxis = (label: string): Axis => ({
  label,
  unit: 'share',
  levels: [10, 20, 30, 40, 50, 60, 70, 80, 90].map((share) => ({
    label: `${share} %`,
    value: share / 100,
    params: { sparsity: share / 100 },
  })),
});

export const sparsityAxis = shareAxis('Weights removed');
