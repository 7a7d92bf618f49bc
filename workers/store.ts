import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { LabError } from '../src/lab/errors.ts';
import type { CardFile } from './card.ts';
import { filesFolder } from './downloaded-files.ts';

/**
 * How far a file is. `done` counts decoded bytes and reaches `total` only once the whole file is there and verified.
 * It falls back where a transfer has to start over.
 */
export interface FileProgress {
  file: string;
  done: number;
  total: number;
  /** Where the newest bytes came from. */
  from: 'network' | 'kept';
}

/** An open file: the part of FileSystemSyncAccessHandle that is used here. */
export interface Handle {
  getSize(): number;
  read(into: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  write(bytes: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/** A flat folder. Anything may throw, at any time. */
export interface FileStorage {
  /** Opens a file for one user alone; `undefined` where there is none and none shall be created. */
  open(name: string, create: boolean): Promise<Handle | undefined>;
  /** Deletes a closed file, if it is there. */
  delete(name: string): Promise<void>;
  /** Renames a closed file to a name that is free. */
  rename(from: string, to: string): Promise<void>;
}

/** Does the work while nobody else holds the lock of that name, in this tab or another one. */
export type Lock = <T>(name: string, signal: AbortSignal | undefined, work: () => Promise<T>) => Promise<T>;

export interface FetchOptions {
  signal?: AbortSignal;
  /** Called for the first bytes, then at most every 50 ms, and at the end. */
  onProgress?: (progress: FileProgress) => void;
  /** Called at most once a file: it cannot be kept, so it will be in memory alone. */
  onNotice?: (error: LabError) => void;
  /** The browser's private file system, if not given. */
  storage?: FileStorage;
  /** A Web Lock, if not given. */
  lock?: Lock;
  /** Milliseconds before each retry; there are as many retries. */
  pauses?: readonly number[];
}

const mebibyte = 1 << 20;

/** Bytes that are written together. In a private window every write is a question to another process. */
const writeSize = mebibyte / 4;

/**
 * Gets a file from the storage, or else from the network, which also keeps it. What had arrived before a connection
 * broke off or a tab was closed is not asked for again.
 *
 * @param file what it must be: the result has this size and this hash
 * @throws LabError `download` if it cannot be had, `cancelled` if the signal fired; a storage that fails is no error, it
 * only leads to a notice
 */
export async function fetchKept(
  url: string,
  file: CardFile,
  options: FetchOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { signal, lock = webLock } = options;
  try {
    return await lock(`lossy-file-${file.sha256}`, signal, async () => {
      signal?.throwIfAborted();
      const shelf = new Shelf(file, options.onNotice);
      await shelf.open(options.storage);
      try {
        return await new Transfer(url, file, shelf, options).run();
      } finally {
        await shelf.close();
      }
    });
  } catch (cause) {
    if (!signal?.aborted) throw cause;
    const advice = 'Start it again: it continues where it stopped.';
    throw new LabError('cancelled', `The download of ${file.name} was stopped.`, advice, { cause });
  }
}

/** One file on its way into memory. */
class Transfer {
  readonly #url: string;
  readonly #file: CardFile;
  readonly #shelf: Shelf;
  readonly #options: FetchOptions;
  readonly #pauses: number[];
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #done = 0;
  /** Whether the bytes come from more than one answer, so that they may be parts of two versions of the file. */
  #mixed = false;
  #from: FileProgress['from'] = 'network';
  #reported = Number.NEGATIVE_INFINITY;

  constructor(url: string, file: CardFile, shelf: Shelf, options: FetchOptions) {
    this.#url = url;
    this.#file = file;
    this.#shelf = shelf;
    this.#options = options;
    this.#pauses = [...(options.pauses ?? [500, 1000, 2000])];
    this.#bytes = new Uint8Array(file.bytes);
  }

  async run(): Promise<Uint8Array<ArrayBuffer>> {
    const kept = (bytes: Uint8Array<ArrayBuffer>) => this.#take(bytes, 'kept');
    if ((await this.#shelf.readKept(kept)) && (await hashOf(this.#bytes)) === this.#file.sha256) return this.#finish();
    this.#forget();
    await this.#shelf.deleteKept();

    await this.#shelf.readPart(kept);
    this.#mixed = this.#done > 0;
    for (;;) {
      await this.#download();
      const got = await hashOf(this.#bytes);
      if (got === this.#file.sha256) break;
      const mixed = this.#mixed;
      await this.#startOver();
      if (!mixed) throw this.#refusal(`has the SHA-256 ${got}, but ${this.#file.sha256} was expected`);
    }
    await this.#shelf.keep();
    return this.#finish();
  }

  /** Asks until all bytes are there, or the retries are used up. */
  async #download(): Promise<void> {
    const { signal } = this.#options;
    const { name, bytes } = this.#file;
    while (this.#done < bytes) {
      const cause = await this.#request();
      // Until the next answer comes, the tab may be closed.
      await this.#shelf.writeRest();
      if (this.#done === bytes) return;
      signal?.throwIfAborted();
      const pause = this.#pauses.shift();
      if (pause === undefined)
        throw new LabError(
          'download',
          `The connection broke off: ${count(this.#done)} of ${count(bytes)} bytes of ${name} have arrived.`,
          'Check the connection and try again: it continues where it stopped.',
          { cause },
        );
      await sleep(pause, signal);
    }
  }

  /** One request for what is missing. Resolves to what ended it before all was there. */
  async #request(): Promise<unknown> {
    const { signal } = this.#options;
    const start = this.#done;
    let response: Response;
    try {
      response = await fetch(this.#url, {
        signal,
        headers: start > 0 ? { Range: `bytes=${start}-` } : {},
        // The shelf is the cache. The browser's would hold the file twice, and could hold an old one for days.
        cache: this.#shelf.keeps ? 'no-store' : 'no-cache',
      });
    } catch (error) {
      return error;
    }
    const { status } = response;
    const continues = status === 206 && this.#continues(response.headers);
    if (start > 0 && (status === 416 || (status === 206 && !continues))) {
      discard(response.body);
      await this.#startOver();
      return this.#request();
    }
    if (status !== 200 && !continues) {
      discard(response.body);
      throw new LabError(
        'download',
        `Status ${status} for ${this.#url}.`,
        'Try again later; if that does not help, the file is missing on the server.',
      );
    }
    if (status === 200) {
      // Often the start page, which many servers send in place of a file that is missing.
      const size = response.headers.get('Content-Length');
      if (size !== null && !response.headers.has('Content-Encoding') && Number(size) !== this.#file.bytes) {
        discard(response.body);
        throw this.#refusal(`has ${count(Number(size))} bytes, but ${count(this.#file.bytes)} were expected`);
      }
      if (start > 0) await this.#startOver();
    } else if (start > 0) this.#mixed = true;
    return this.#receive(response);
  }

  /**
   * Whether an answer is the file from where we stopped. We count decoded bytes, so an encoded range does not fit. No
   * If-Range: there is no validator that would outlive a reload, and the hash tells in any case.
   */
  #continues(headers: Headers): boolean {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('Content-Range') ?? '');
    if (!range || headers.has('Content-Encoding')) return false;
    return Number(range[1]) === this.#done && (range[2] === '*' || Number(range[2]) === this.#file.bytes);
  }

  async #receive(response: Response): Promise<unknown> {
    const reader = response.body?.getReader();
    for (;;) {
      let next: ReadableStreamReadResult<Uint8Array<ArrayBuffer>> | undefined;
      try {
        next = await reader?.read();
      } catch (error) {
        return error;
      }
      if (!next || next.done) return new Error('The answer ended early.');
      if (this.#done + next.value.length > this.#file.bytes) {
        discard(reader);
        await this.#startOver();
        throw this.#refusal(`has more than the ${count(this.#file.bytes)} bytes that were expected`);
      }
      this.#take(next.value, 'network');
      await this.#shelf.append(this.#bytes.subarray(0, this.#done));
    }
  }

  #take(bytes: Uint8Array<ArrayBuffer>, from: FileProgress['from']): void {
    this.#bytes.set(bytes, this.#done);
    this.#done += bytes.length;
    this.#from = from;
    const now = performance.now();
    if (this.#done === this.#file.bytes || now - this.#reported < 50) return;
    this.#reported = now;
    this.#report();
  }

  #report(): void {
    const { name, bytes } = this.#file;
    this.#options.onProgress?.({ file: name, done: this.#done, total: bytes, from: this.#from });
  }

  #finish(): Uint8Array<ArrayBuffer> {
    this.#report();
    return this.#bytes;
  }

  #forget(): void {
    this.#done = 0;
    this.#mixed = false;
  }

  async #startOver(): Promise<void> {
    this.#forget();
    await this.#shelf.truncate();
  }

  #refusal(what: string): LabError {
    const advice =
      'Reload the page and try again; if that does not help, the server holds another version of the file.';
    return new LabError('download', `${this.#file.name} from ${this.#url} ${what}.`, advice);
  }
}

/** One file's place in the storage. The first failure there ends the keeping with a notice, and never a download. */
class Shelf {
  readonly #file: CardFile;
  readonly #part: string;
  readonly #onNotice: FetchOptions['onNotice'];
  #storage: FileStorage | undefined;
  /** The part file, while it is open. */
  #handle: Handle | undefined;
  #size = 0;
  /** All that has arrived, the end of it perhaps not written yet. */
  #arrived = new Uint8Array();
  #unflushed = 0;

  constructor(file: CardFile, onNotice: FetchOptions['onNotice']) {
    this.#file = file;
    this.#part = `${file.sha256}.part`;
    this.#onNotice = onNotice;
  }

  /** Whether it still keeps what it is given. */
  get keeps(): boolean {
    return this.#storage !== undefined;
  }

  async open(storage?: FileStorage): Promise<void> {
    try {
      this.#storage = storage ?? (await privateFiles());
    } catch (error) {
      await this.#giveUp(error);
    }
  }

  /** Reads the kept file in pieces. False if there is none, it has another size, or reading failed. */
  async readKept(take: (bytes: Uint8Array<ArrayBuffer>) => void): Promise<boolean> {
    const read = await this.#attempt(async (storage) => {
      const handle = await storage.open(this.#file.sha256, false);
      if (!handle) return false;
      try {
        if (handle.getSize() !== this.#file.bytes) return false;
        readAll(handle, take);
        return true;
      } finally {
        handle.close();
      }
    });
    return read ?? false;
  }

  async deleteKept(): Promise<void> {
    await this.#attempt((storage) => storage.delete(this.#file.sha256));
  }

  /** Opens the part file and reads what it holds in pieces. */
  async readPart(take: (bytes: Uint8Array<ArrayBuffer>) => void): Promise<void> {
    await this.#attempt(async (storage) => {
      const handle = await storage.open(this.#part, true);
      if (!handle) throw new Error('The file was not created.');
      this.#handle = handle;
      if (handle.getSize() > this.#file.bytes) handle.truncate(0);
      readAll(handle, take);
      this.#size = handle.getSize();
    });
  }

  /** @param arrived all bytes that are there by now: those that are not in the part file yet are appended to it */
  async append(arrived: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#arrived = arrived;
    if (arrived.length - this.#size >= writeSize) await this.writeRest();
  }

  /** Writes what was held back so far. */
  async writeRest(): Promise<void> {
    await this.#attempt(async () => this.#write());
  }

  #write(): void {
    const bytes = this.#arrived.subarray(this.#size);
    if (!this.#handle || bytes.length === 0) return;
    writeAll(this.#handle, bytes, this.#size);
    this.#size += bytes.length;
    this.#unflushed += bytes.length;
    if (this.#unflushed < mebibyte) return;
    this.#handle.flush();
    this.#unflushed = 0;
  }

  async truncate(): Promise<void> {
    await this.#attempt(async () => {
      this.#handle?.truncate(0);
      this.#size = 0;
      this.#arrived = new Uint8Array();
    });
  }

  /** Makes the part file the kept file: to be called once it is complete and verified. */
  async keep(): Promise<void> {
    await this.#attempt(async (storage) => {
      this.#write();
      this.#closeHandle();
      await storage.rename(this.#part, this.#file.sha256);
    });
  }

  /** Leaves a part file that holds something for the next time. */
  async close(): Promise<void> {
    await this.#attempt(async (storage) => {
      if (!this.#handle) return;
      this.#write();
      this.#closeHandle();
      if (this.#size === 0) await storage.delete(this.#part);
    });
  }

  #closeHandle(): void {
    this.#handle?.flush();
    this.#handle?.close();
    this.#handle = undefined;
  }

  async #attempt<T>(work: (storage: FileStorage) => Promise<T>): Promise<T | undefined> {
    if (!this.#storage) return undefined;
    try {
      return await work(this.#storage);
    } catch (error) {
      await this.#giveUp(error);
      return undefined;
    }
  }

  async #giveUp(cause: unknown): Promise<void> {
    const storage = this.#storage;
    this.#storage = undefined;
    try {
      this.#handle?.close();
      // It would only take up space: without its end it may be damaged, too.
      await storage?.delete(this.#part);
    } catch {
      // What failed once may fail again; nothing depends on it any more.
    }
    this.#handle = undefined;
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    this.#onNotice?.(
      new LabError(
        'storage',
        `The browser does not keep ${this.#file.name} (${why.replace(/\.$/, '')}).`,
        'The lab works without, but downloads it again next time. Free some space or leave the private window to keep it.',
        { cause },
      ),
    );
  }
}

/** The browser's own hash is several times faster, and is there where the page came by HTTPS or from this machine. */
async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const native = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  return bytesToHex(native ? new Uint8Array(await native.digest('SHA-256', bytes)) : sha256(bytes));
}

function readAll(handle: Handle, take: (bytes: Uint8Array<ArrayBuffer>) => void): void {
  const size = handle.getSize();
  const buffer = new Uint8Array(Math.min(size, mebibyte));
  for (let at = 0; at < size; ) {
    const read = handle.read(buffer, { at });
    if (read === 0) throw new Error(`Only ${at} of ${size} bytes could be read.`);
    take(buffer.subarray(0, read));
    at += read;
  }
}

/** Chromium's write() does not throw where the quota is used up: it returns a number that is no length. */
function writeAll(handle: Handle, bytes: Uint8Array<ArrayBuffer>, at: number): void {
  if (handle.write(bytes, { at }) !== bytes.length)
    throw new DOMException('There is no room for more.', 'QuotaExceededError');
}

/** What the types of the DOM lack: the first is for workers only, the second is everywhere but in no standard yet. */
interface PrivateFile {
  createSyncAccessHandle?(): Promise<Handle>;
  move?(name: string): Promise<void>;
}

/** The folder `files` of the origin private file system. Rejects where there is none or it is blocked. */
async function privateFiles(): Promise<FileStorage> {
  const root = await globalThis.navigator?.storage?.getDirectory?.();
  if (!root) throw new Error('It has no private file system.');
  const folder = await root.getDirectoryHandle(filesFolder, { create: true });

  async function open(name: string, create: boolean): Promise<Handle | undefined> {
    let file: PrivateFile;
    try {
      file = (await folder.getFileHandle(name, { create })) as unknown as PrivateFile;
    } catch (error) {
      if (!create && isNamed(error, 'NotFoundError')) return undefined;
      throw error;
    }
    if (!file.createSyncAccessHandle) throw new Error('It has no synchronous file access.');
    // After a reload the worker that died may have left its handle open for a moment, though its Web Lock is gone.
    for (let tries = 0; ; tries++) {
      try {
        return await file.createSyncAccessHandle();
      } catch (error) {
        if (tries === 10 || !isNamed(error, 'NoModificationAllowedError')) throw error;
        await sleep(100);
      }
    }
  }

  async function remove(name: string): Promise<void> {
    try {
      await folder.removeEntry(name);
    } catch (error) {
      if (!isNamed(error, 'NotFoundError')) throw error;
    }
  }

  async function copy(from: string, to: string): Promise<void> {
    const source = await open(from, false);
    const target = await open(to, true);
    try {
      let at = 0;
      if (source && target)
        readAll(source, (bytes) => {
          writeAll(target, bytes, at);
          at += bytes.length;
        });
      target?.flush();
    } finally {
      source?.close();
      target?.close();
    }
  }

  return {
    open,
    delete: remove,
    async rename(from, to) {
      const file = (await folder.getFileHandle(from)) as unknown as PrivateFile;
      if (file.move) return file.move(to);
      await copy(from, to);
      await remove(from);
    },
  };
}

/** Where a browser has no locks or denies them, files open for one user alone, and the other tab goes without. */
async function webLock<T>(name: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks;
  if (!locks) return work();
  let granted = false;
  try {
    return await locks.request(name, { signal }, () => {
      granted = true;
      return work();
    });
  } catch (error) {
    if (granted || signal?.aborted) throw error;
    return work();
  }
}

/** Waits, or rejects with the signal's reason. */
function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason);
      },
      { once: true },
    );
  });
}

/** Gives up an answer; that it may already have broken off does not matter. */
function discard(body: { cancel(): Promise<void> } | null | undefined): void {
  body?.cancel().catch(() => undefined);
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function count(bytes: number): string {
  return bytes.toLocaleString('en-US');
}
