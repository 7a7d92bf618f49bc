import { Fragment } from 'react';
import type { Phrase } from '../texts/phrase.ts';
import { Term } from './Term.tsx';

/** A phrase with its bold pieces and explained terms. */
export function RichText({ phrase }: { phrase: Phrase }) {
  return phrase.map((part, index) => {
    // Pieces of a sentence have no identity but their place.
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
