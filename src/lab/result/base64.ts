import { base64 } from '@scure/base';

const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Swaps the bytes of each 32-bit number in place where this machine does not store the low one first. */
function swapped(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (!isLittleEndian) for (let at = 0; at < bytes.length; at += 4) bytes.subarray(at, at + 4).reverse();
  return bytes;
}

/** 32-bit numbers, little-endian, as base64. */
export const toBase64 = (values: Uint32Array | Float32Array): string =>
  base64.encode(swapped(new Uint8Array(values.slice().buffer as ArrayBuffer)));

/**
 * Reads 32-bit numbers from base64.
 *
 * @param count how many there should be
 * @returns their bytes as this machine stores them; null where the text holds anything else
 */
export function fromBase64(text: string, count: number): ArrayBuffer | null {
  // Checked before decoding: a damaged file may claim anything.
  if (text.length !== Math.ceil((count * 4) / 3) * 4) return null;
  try {
    const bytes = Uint8Array.from(base64.decode(text));
    return bytes.length === count * 4 ? swapped(bytes).buffer : null;
  } catch {
    return null;
  }
}
