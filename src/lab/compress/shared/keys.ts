import { hash32 } from '../../hash32.ts';

/** FNV-1a over the UTF-8 bytes of a name. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of utf8(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

function utf8(text: string): number[] {
  // Names of layers are plain ASCII mostly; encodeURIComponent spells out the bytes of all else.
  const spelled = encodeURIComponent(text).matchAll(/%([0-9A-F]{2})|(.)/g);
  return [...spelled].map(([, hex, plain]) => (hex ? Number.parseInt(hex, 16) : plain.charCodeAt(0)));
}

/**
 * 32 bits for each of `count` places, to be ordered as if they had no sign: the same on every machine, as it is computed from the place and not
 * drawn in an order (training/reference/common.py, random_keys).
 *
 * @param name tells lists apart that share a seed
 */
export function randomKeys(count: number, seed: number, name?: string): Int32Array {
  const salt = name === undefined ? 0 : hashOf(name);
  const start = Math.imul(seed, 0x9e3779b9);
  const keys = new Int32Array(count);
  for (let i = 0; i < count; i++) keys[i] = hash32(hash32((i + start) | 0) ^ salt);
  return keys;
}
