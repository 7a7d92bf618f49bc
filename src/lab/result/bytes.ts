import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** Writes whole numbers and texts one after another, small ones in few bytes. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];

  bytes(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    return this;
  }

  /** A whole number from 0, in groups of seven bits, the lowest first (LEB128). @throws RangeError for any other */
  number(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no whole number from 0.`);
    const groups: number[] = [];
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) groups.push((rest % 128) + 128);
    groups.push(rest);
    return this.bytes(Uint8Array.from(groups));
  }

  /** Its length in bytes, then UTF-8. */
  text(text: string): this {
    const bytes = utf8ToBytes(text);
    return this.number(bytes.length).bytes(bytes);
  }

  done(): Uint8Array {
    return concatBytes(...this.#parts);
  }
}

/** Reads what {@link ByteWriter} wrote. Input is not trusted. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #misfit: () => Error;
  #at: number;

  /** @param misfit makes the error that is thrown where the bytes end early or make no sense */
  constructor(bytes: Uint8Array, from: number, misfit: () => Error) {
    this.#bytes = bytes;
    this.#at = from;
    this.#misfit = misfit;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  bytes(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw this.#misfit();
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  number(): number {
    let value = 0;
    for (let scale = 1; scale <= 128 ** 7; scale *= 128) {
      const [byte] = this.bytes(1);
      value += (byte & 127) * scale;
      if (!Number.isSafeInteger(value)) throw this.#misfit();
      if (byte < 128) return value;
    }
    throw this.#misfit();
  }

  /** A count of things of at least one byte each: never more than there are bytes. */
  count(): number {
    const count = this.number();
    if (count > this.#bytes.length - this.#at) throw this.#misfit();
    return count;
  }

  text(): string {
    return new TextDecoder().decode(this.bytes(this.count()));
  }
}
