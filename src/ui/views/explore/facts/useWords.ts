import { useEffect, useState } from 'react';
import { wordsOf } from '../../../../app/views/explore/explore.ts';
import { useExplore } from '../../../../app/views/explore/explore-store.ts';

/** By tokenizer: a number is another word in another vocabulary. */
const known = new Map<string, Map<number, string>>();

/** The words of these numbers; empty strings until the worker has told them. */
export function useWords(ids: readonly number[]): string[] {
  const [, setTold] = useState(0);
  const tokenizer = useExplore((state) => state.opened?.model.tokenizerSha256 ?? '');
  const words = known.get(tokenizer) ?? new Map<number, string>();
  known.set(tokenizer, words);
  const missing = tokenizer === '' ? '' : ids.filter((id) => !words.has(id)).join();
  useEffect(() => {
    if (missing === '') return;
    let isCurrent = true;
    const numbers = Uint32Array.from(missing.split(','), Number);
    wordsOf(numbers).then(
      (told) => {
        // Another model may have been opened meanwhile.
        if (!isCurrent) return;
        told.forEach((word, index) => {
          known.get(tokenizer)?.set(numbers[index], word);
        });
        setTold((count) => count + 1);
      },
      // The worker was stopped; the words come with its next start.
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [missing, tokenizer]);
  return ids.map((id) => words.get(id) ?? '');
}
