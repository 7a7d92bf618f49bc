import type { ChoiceControl } from '../../lab/compress/controls.ts';
import { roles } from '../../lab/compress/scope.ts';
import { families, familyIds, hasHalves } from '../../lab/family/index.ts';
import type { FamilyId, Site, SiteKind } from '../../lab/model/site.ts';

export { preparingWords } from '../../lab/work.ts';

/** How the page speaks of the families, in the registry's order. */
export const familyWords = familyIds.map((id) => {
  const { plain, label, help } = families[id];
  return { id, plain, term: label, label: `${plain} (${label.toLowerCase()})`, help };
});

export const familyWordsOf = (id: FamilyId) => familyWords.find((entry) => entry.id === id)!;

/** How a choice of a parameter is offered; as it stands in recipes where its method has no words for it. */
export const choiceWords = ({ words }: ChoiceControl, choice: string): string => words[choice] ?? choice;

const siteKinds: Readonly<Record<SiteKind, string>> = {
  ...roles,
  transform: 'transform',
  decoder: 'last layer',
  unclassified: 'not classified',
};

/** A layer in plain words, such as "block 3, query"; its name stands beside it where there is room. */
export function siteWords({ kind, layer, stack, cross, family }: Site): string {
  const half = hasHalves(families[family]) ? `${stack} ` : '';
  const place =
    layer === null ? (kind === 'decoder' || half === '' ? '' : `${half}end, `) : `${half}block ${layer + 1}, `;
  return `${place}${cross ? 'cross-attention ' : ''}${siteKinds[kind]}`;
}

/** A way to store a model, and what it takes. */
export interface LayoutWords {
  id: string;
  label: string;
  help: string;
}

/** The layouts that bytes are counted in, in the order in which they are shown. */
export const layoutWords: readonly LayoutWords[] = [
  { id: 'dense', label: 'As it came (dense)', help: 'Every weight in the width that the file has.' },
  { id: 'quantized', label: 'Every weight as its code (quantized)', help: 'Zeros too, with the scales of the codes.' },
  { id: 'bitmap', label: 'Marks and what is left (bitmap)', help: 'One bit a weight says whether it is there.' },
  {
    id: 'csr',
    label: 'Places and what is left (CSR)',
    help: 'Compressed sparse rows: each weight with its column, each row with its beginning.',
  },
  { id: 'nm', label: 'Slots of a fixed pattern (N:M)', help: 'n slots of every m weights, each with its place.' },
  {
    id: 'compact',
    label: 'Without empty rows and columns (compact)',
    help: 'What is removed as a whole takes no space.',
  },
  { id: 'factors', label: 'Two thin matrices (factors)', help: 'Rows × rank and rank × columns, for low rank.' },
  {
    id: 'entropy',
    label: 'The least that any code could take (entropy bound)',
    help: 'A bound, not a layout: codes as short as their frequencies allow.',
  },
  { id: 'smallest', label: 'The best of them for each layer', help: 'What “Size” and the curve against size mean.' },
];
