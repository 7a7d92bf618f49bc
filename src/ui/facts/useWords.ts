import { useEffect, useState } from 'react';
import { evaluator } from '../../app/lab.ts';

const known = new Map<number, string>();

/** The words of these numbers; empty strings until the worker has told them. */
export function useWords(ids: readonly number[]): string[] {
  const [, setTold] = useState(0);
  const missing = ids.filter((id) => !known.has(id)).join();
  useEffect(() => {
    if (missing === '') return;
    let isCurrent = true;
    const numbers = Uint32Array.from(missing.split(','), Number);
    evaluator.words(numbers).then(
      (words) => {
        words.forEach((word, index) => {
          known.set(numbers[index], word);
        });
        if (isCurrent) setTold((count) => count + 1);
      },
      // The worker was stopped; the words come with its next start.
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [missing]);
  return ids.map((id) => known.get(id) ?? '');
}
