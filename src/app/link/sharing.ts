import { longestLink } from './fragment.ts';

/** A code with more characters has modules too small for a phone that reads it from a projector. */
export const longestCode = 1500;

/** A link to pass on. */
export interface Shared {
  link: string;
  /** Whether the results are in it. */
  hasResults: boolean;
  /** The link that a code can hold, with the answers to the first so many questions of each level; 0: the settings alone. */
  code: { link: string; asked: number; of: number };
}

/**
 * Makes the link to pass on, and the one for a code.
 *
 * @param write a link's address with the results of the first `most` questions of each level; without any for 0. Null
 * where just so many cannot be told.
 * @param asked the most questions that any level was asked
 */
export function share(write: (most: number) => string | null, asked: number): Shared {
  const settings = write(0) ?? '';
  const whole = asked === 0 ? null : write(asked);
  const hasResults = whole !== null && whole.length <= longestLink;
  const first = hasResults && whole.length <= longestCode ? asked : longest(write, asked);
  return {
    link: hasResults ? whole : settings,
    hasResults,
    code: { link: write(first) ?? settings, asked: first, of: asked },
  };
}

/** The most questions whose results fit into a code. */
function longest(write: (most: number) => string | null, asked: number): number {
  let fits = 0;
  let fails = asked;
  while (fails - fits > 1) {
    const middle = (fits + fails) >> 1;
    const length = write(middle)?.length ?? Number.POSITIVE_INFINITY;
    if (length <= longestCode) fits = middle;
    else fails = middle;
  }
  return fits;
}

/** Where the page lies, without what it shows. */
export const pageAddress = () => `${location.origin}${location.pathname}`;
