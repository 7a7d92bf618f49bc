import type { Report } from '../compress/size.ts';
import type { Predictions } from '../probe/predictions.ts';

/** What is kept of a result beside its numbers: with it the page takes the result as if it had computed it. */
export interface Kept {
  /** How many questions there are, of which the result’s were asked first. */
  of: number;
  /** When it was computed, in milliseconds since 1970. */
  savedAt: number;
  /** Part of the key; null where the model’s tokenizer is not known any more. */
  tokenizerSha256: string | null;
  /** Of the whole model. */
  whole: Pick<Report, 'total' | 'otherBytes'>;
  /** Answers in the order of asking, as base64 of little-endian 32-bit numbers; five words a question. */
  answers: Record<keyof Predictions, string>;
}

/** Answers as text. */
export const answersToText = (answers: Predictions): Kept['answers'] => ({
  ranks: toBase64(answers.ranks),
  goldLogProbs: toBase64(answers.goldLogProbs),
  topIds: toBase64(answers.topIds),
  topLogProbs: toBase64(answers.topLogProbs),
});

const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Swaps the bytes of each 32-bit number where this machine has them the other way round. */
function ordered(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (!isLittleEndian) for (let at = 0; at < bytes.length; at += 4) bytes.subarray(at, at + 4).reverse();
  return bytes;
}

/** So many letters go into one call. */
const chunk = 32_766;

function toBase64(values: Uint32Array | Float32Array): string {
  const bytes = ordered(new Uint8Array(values.slice().buffer as ArrayBuffer));
  let text = '';
  for (let at = 0; at < bytes.length; at += chunk)
    text += btoa(String.fromCharCode(...bytes.subarray(at, Math.min(bytes.length, at + chunk))));
  return text;
}

/** The bytes of so many 32-bit numbers in base64, as this machine has them; null where the text holds something else. */
export function numbersFromText(text: string, numbers: number): ArrayBuffer | null {
  const wanted = numbers * 4;
  // Looked at before it is read: a damaged file may claim anything.
  if (text.length !== Math.ceil(wanted / 3) * 4) return null;
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    return null;
  }
  if (binary.length !== wanted) return null;
  return ordered(Uint8Array.from(binary, (letter) => letter.charCodeAt(0))).buffer;
}
