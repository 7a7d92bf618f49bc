import { Fragment } from 'react';
import type { Phrase } from '../texts/phrase.ts';
import { Term } from './Term.tsx';

/** A text with its strong pieces and its terms. */
export function Said({ phrase }: { phrase: Phrase }) {
  return phrase.map((part, index) => {
    // A sentence is one text: its pieces have no other name than their place.
    const key = `${index}`;
    if (typeof part === 'string') return <Fragment key={key}>{part}</Fragment>;
    if ('strong' in part) return <b key={key}>{part.strong}</b>;
    return (
      <Term key={key} id={part.term}>
        {part.text}
      </Term>
    );
  });
}
