/** murmur3's finalizer: every bit of the number decides about every bit of the result, and no two results are equal. */
export function hash32(number: number): number {
  let h = number;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
