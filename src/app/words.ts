import { families, familyIds } from '../lab/family/index.ts';
import type { FamilyId } from '../lab/model/site.ts';

export { preparingWords } from '../lab/probe/work.ts';

/** Families in plain words, the term behind them. */
const plain: Readonly<Record<FamilyId, string>> = {
  encoder: 'Fills gaps',
  'encoder-decoder': 'Reads, then writes',
  decoder: 'Writes on',
};

/** How the page speaks of the families, in the registry's order. */
export const familyWords = familyIds.map((id) => {
  const { label, help } = families[id];
  return { id, plain: plain[id], term: label, label: `${plain[id]} (${label.toLowerCase()})`, help };
});

export const familyWordsOf = (id: FamilyId) => familyWords.find((entry) => entry.id === id)!;
