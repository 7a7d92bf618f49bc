/** What a figure shows, as far as a reader needs it to find the same numbers again. */
export interface Cited {
  title: string;
  /** Model, suite and wording, in words. */
  subject: string;
  /** How many questions a number stands for, in words such as "n = 192 a point". */
  n: string;
  /** Keys of the results in it. */
  keys: readonly string[];
}

/** So many letters of a key tell results apart and can still be typed. */
const keyLength = 12;
/** More keys than this stand as their number. */
const mostKeys = 12;

/** One line that says what a figure is, for a caption or a list of references; the keys are those of the cache and of files. */
export function citationOf({ title, subject, n, keys }: Cited, date: Date = new Date()): string {
  const short = keys.map((key) => key.slice(0, keyLength));
  const named = short.length > mostKeys ? `${short.length} results, the first ${short[0]}` : short.join(', ');
  return `Lossy: ${title}. ${subject}; ${n}. ${keys.length === 1 ? 'Key' : 'Keys'} ${named || 'none'}. Computed ${date
    .toISOString()
    .slice(0, 10)}; after Namburi et al. 2023, The Cost of Compression, Findings of EMNLP.`;
}
