import { encoder } from '../../family/encoder.ts';
import type { Family } from '../../family/family.ts';

// A family that differs from encoders in its name and in what belongs to it alone: tests add it to the registry.

export const reader = {
  ...encoder,
  id: 'reader',
  plain: 'Reads along',
  label: 'Reader',
  help: 'Reads a sentence along with whoever writes it.',
  modelTypes: ['reader'],
  attentionOutput: 'attention',
  scopes: {
    'reading-attention': {
      label: 'Reading attention',
      words: 'reading attention',
      help: 'The attention that reads.',
      layers: ['attention'],
    },
  },
} satisfies Family<'reader'>;
