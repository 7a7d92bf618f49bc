import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LabError } from '../src/lab/errors.ts';
import { type FetchOptions, type FileProgress, type FileStorage, fetchKept, type Handle, type Lock } from './store.ts';

// Three MiB and a bit, and nothing that repeats.
const content = new Uint8Array(3_200_001);
for (let i = 0, state = 1; i < content.length; i++) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  content[i] = state;
}
const half = 1_500_000;
const file = describeFile(content);
const part = `${file.sha256}.part`;

function describeFile(bytes: Uint8Array) {
  return { name: 'model.onnx', bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Files in memory. Like the real one it opens a file for one user alone. */
class MemoryStorage implements FileStorage {
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly opened = new Set<string>();
  flushes = 0;
  /** Bytes that a file may have. */
  quota = Number.POSITIVE_INFINITY;
  /** What a write beyond the quota does. */
  full = (): number => {
    throw new DOMException('It is full.', 'QuotaExceededError');
  };

  async open(name: string, create: boolean): Promise<Handle | undefined> {
    if (this.opened.has(name)) throw new DOMException('The file is open.', 'NoModificationAllowedError');
    if (!this.files.has(name)) {
      if (!create) return undefined;
      this.files.set(name, new Uint8Array());
    }
    this.opened.add(name);
    const bytes = () => {
      if (!this.opened.has(name)) throw new DOMException('The handle is closed.', 'InvalidStateError');
      return this.files.get(name)!;
    };
    return {
      getSize: () => bytes().length,
      read: (into, { at }) => {
        const found = bytes().subarray(at, at + into.length);
        into.set(found);
        return found.length;
      },
      write: (added, { at }) => {
        const end = at + added.length;
        if (end > this.quota) return this.full();
        const grown = new Uint8Array(Math.max(bytes().length, end));
        grown.set(bytes());
        grown.set(added, at);
        this.files.set(name, grown);
        return added.length;
      },
      truncate: (size) => {
        this.files.set(name, bytes().slice(0, size));
      },
      flush: () => {
        bytes();
        this.flushes++;
      },
      close: () => {
        this.opened.delete(name);
      },
    };
  }

  async delete(name: string): Promise<void> {
    if (this.opened.has(name)) throw new DOMException('The file is open.', 'NoModificationAllowedError');
    this.files.delete(name);
  }

  async rename(from: string, to: string): Promise<void> {
    const bytes = this.files.get(from);
    if (!bytes || this.opened.has(from) || this.files.has(to)) throw new Error(`${from} cannot become ${to}`);
    this.files.set(to, bytes);
    this.files.delete(from);
  }
}

type Answer = (request: IncomingMessage, response: ServerResponse, start: number) => Promise<void> | void;

/** The whole file, or what the Range header asks for. */
const whole: Answer = (request, response, start) => {
  const headers: Record<string, string | number> = { 'Content-Length': content.length - start };
  if (request.headers.range) headers['Content-Range'] = `bytes ${start}-${content.length - 1}/${content.length}`;
  response.writeHead(request.headers.range ? 206 : 200, headers);
  response.end(content.subarray(start));
};

/** Like `whole`, but the connection breaks off after some bytes. */
const breaks =
  (after: number): Answer =>
  async (request, response, start) => {
    const headers: Record<string, string | number> = { 'Content-Length': content.length - start };
    if (request.headers.range) headers['Content-Range'] = `bytes ${start}-${content.length - 1}/${content.length}`;
    response.writeHead(request.headers.range ? 206 : 200, headers);
    response.write(content.subarray(start, start + after));
    // What was sent has to be read before the reset, which would discard it.
    await sleep(150);
    response.destroy();
  };

const status =
  (code: number, body = '', headers = {}): Answer =>
  (_request, response) => {
    response.writeHead(code, headers).end(body);
  };

const sends =
  (bytes: Uint8Array, headers = {}, code = 200): Answer =>
  (_request, response) => {
    response.writeHead(code, headers).end(bytes);
  };

let server: Server;
let url: string;
/** The answers to the requests to come; the last one stays. */
let answers: Answer[];
/** The Range header of every request. */
let ranges: (string | undefined)[];
/** Bytes of all bodies, as written by the server. */
let sent: number;
let storage: MemoryStorage;

beforeEach(async () => {
  answers = [whole];
  ranges = [];
  sent = 0;
  storage = new MemoryStorage();
  server = createServer((request, response) => {
    const { range } = request.headers;
    ranges.push(range);
    for (const method of ['write', 'end'] as const) {
      const original = response[method].bind(response) as (...all: unknown[]) => unknown;
      response[method] = ((bytes?: Uint8Array, ...rest: unknown[]) => {
        if (bytes instanceof Uint8Array) sent += bytes.length;
        return original(bytes, ...rest);
      }) as never;
    }
    const answer = answers.length > 1 ? answers.shift()! : answers[0];
    answer(request, response, Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.onnx`;
});

afterEach(async () => {
  expect([...storage.opened], 'files left open').toEqual([]);
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const get = (options: FetchOptions = {}, what = file) =>
  fetchKept(url, what, { storage, pauses: [1, 1, 1], ...options });

async function fault(promise: Promise<unknown>): Promise<LabError> {
  try {
    await promise;
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).advice).not.toBe('');
    return error as LabError;
  }
  throw new Error('it did not fail');
}

const same = (bytes: Uint8Array | undefined) => expect(Buffer.compare(bytes ?? Buffer.from('none'), content)).toBe(0);

function expectKept() {
  expect([...storage.files.keys()]).toEqual([file.sha256]);
  same(storage.files.get(file.sha256));
}

describe('fetchKept', () => {
  it('keeps a file, and makes no request for it afterwards', async () => {
    same(await get());
    expectKept();
    expect(storage.flushes).toBeGreaterThanOrEqual(3);
    same(await get());
    expect(ranges).toEqual([undefined]);
    expect(sent).toBe(content.length);
  });

  it('asks for the rest after broken connections', async () => {
    answers = [breaks(half), breaks(1_000_000), whole];
    same(await get());
    expect(ranges).toEqual([undefined, `bytes=${half}-`, `bytes=${half + 1_000_000}-`]);
    expect(sent).toBe(content.length);
    expectKept();
  });

  it('gives up after three retries, and the next call asks for the rest', async () => {
    answers = [breaks(400_000)];
    const error = await fault(get());
    expect(error.kind).toBe('download');
    expect(error.message).toBe('The connection broke off: 1,600,000 of 3,200,001 bytes of model.onnx have arrived.');
    expect(error.advice).toBe('Check the connection and try again: it continues where it stopped.');
    expect(ranges.length).toBe(4);
    expect(Buffer.compare(storage.files.get(part)!, content.subarray(0, 1_600_000))).toBe(0);

    answers = [whole];
    same(await get());
    expect(ranges.slice(4)).toEqual(['bytes=1600000-']);
    expect(sent).toBe(content.length);
    expectKept();
  });

  it('reports a server that cannot be reached', async () => {
    const closed = url.replace(/:\d+/, ':1');
    const error = await fault(fetchKept(closed, file, { storage, pauses: [1, 1, 1] }));
    expect(error.kind).toBe('download');
    expect(error.message).toContain('0 of 3,200,001 bytes');
    expect(storage.files.size).toBe(0);
  });

  it('makes no request for a part file that is complete', async () => {
    storage.files.set(part, content.slice());
    same(await get());
    expect(ranges).toEqual([]);
    expectKept();
  });

  it('takes the end of a connection that broke off after the last byte', async () => {
    answers = [
      async (_request, response) => {
        response.writeHead(200).write(content);
        await sleep(150);
        response.destroy();
      },
    ];
    same(await get());
    expect(ranges).toEqual([undefined]);
  });

  it.each<[string, Answer[]]>([
    ['200', [sends(content)]],
    ['200 with Content-Length', [sends(content, { 'Content-Length': content.length })]],
    ['416', [status(416), whole]],
    ['206 from elsewhere', [sends(content.subarray(7), { 'Content-Range': 'bytes 7-3200000/3200001' }, 206), whole]],
    ['206 of another file', [sends(content, { 'Content-Range': `bytes ${half}-3300000/3300001` }, 206), whole]],
    ['206 that does not say what', [sends(content.subarray(half), {}, 206), whole]],
    [
      '206 that is encoded',
      [
        sends(
          gzipSync(content.subarray(half)),
          { 'Content-Encoding': 'gzip', 'Content-Range': `bytes ${half}-3200000/3200001` },
          206,
        ),
        whole,
      ],
    ],
  ])('starts over when a range is answered with %s', async (_name, rest) => {
    const requests = 1 + rest.length;
    answers = [breaks(half), ...rest];
    same(await get());
    expect(ranges).toEqual([undefined, `bytes=${half}-`, undefined].slice(0, requests));
    expectKept();
  });

  it('counts decoded bytes, and continues an encoded answer by a plain one', async () => {
    const encoded = gzipSync(content);
    answers = [
      async (_request, response) => {
        response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': encoded.length });
        response.write(encoded.subarray(0, encoded.length / 2));
        await sleep(150);
        response.destroy();
      },
      whole,
    ];
    same(await get());
    const start = Number(/\d+/.exec(ranges[1] ?? '')?.[0]);
    expect(start).toBeGreaterThan(1_000_000);
    expect(sent).toBe(Math.floor(encoded.length / 2) + content.length - start);
    expectKept();
  });

  it('refuses and deletes a file with a wrong hash', async () => {
    const wrong = content.with(half, content[half] ^ 1);
    answers = [sends(wrong)];
    const error = await fault(get());
    expect(error.kind).toBe('download');
    expect(error.message).toContain('model.onnx');
    expect(error.message).toContain(file.sha256);
    expect(error.message).toContain(describeFile(wrong).sha256);
    expect(ranges).toEqual([undefined]);
    expect(storage.files.size).toBe(0);
  });

  it('starts over once when the end does not belong to a part file', async () => {
    storage.files.set(part, new Uint8Array(half));
    same(await get());
    expect(ranges).toEqual([`bytes=${half}-`, undefined]);
    expectKept();
  });

  it('drops a part file that is too long', async () => {
    storage.files.set(part, new Uint8Array(content.length + 1));
    same(await get());
    expect(ranges).toEqual([undefined]);
    expectKept();
  });

  it.each<[string, Answer]>([
    ['has 15 bytes, but 3,200,001', status(200, '<!doctype html>', { 'Content-Length': 15 })],
    ['has more than the 3,200,001', sends(new Uint8Array(content.length + 1), { 'Transfer-Encoding': 'chunked' })],
  ])('refuses a file that %s were expected', async (message, answer) => {
    answers = [answer];
    const error = await fault(get());
    expect(error.kind).toBe('download');
    expect(error.message).toContain(`model.onnx from ${url} ${message}`);
    expect(ranges.length).toBe(1);
    expect(storage.files.size).toBe(0);
  });

  it('names the status of a server that refuses, and keeps the part', async () => {
    answers = [breaks(half), status(404, 'gone')];
    const error = await fault(get());
    expect(error.kind).toBe('download');
    expect(error.message).toBe(`Status 404 for ${url}.`);
    expect(ranges.length).toBe(2);
    expect(storage.files.get(part)?.length).toBe(half);
  });

  it.each([
    ['damaged', content.with(9, content[9] ^ 1)],
    ['shortened', content.slice(1)],
    ['empty', new Uint8Array()],
  ])('replaces a kept file that is %s', async (_name, bytes) => {
    storage.files.set(file.sha256, bytes);
    same(await get());
    expect(ranges).toEqual([undefined]);
    expectKept();
  });

  it('keeps the part of a download that was stopped', async () => {
    const stop = new AbortController();
    answers = [breaks(half)];
    const stopped = fault(get({ signal: stop.signal, pauses: [60_000] }));
    while (storage.files.get(part)?.length !== half) await sleep(5);
    stop.abort();
    expect((await stopped).kind).toBe('cancelled');
    expect(storage.files.get(part)?.length).toBe(half);

    answers = [whole];
    same(await get());
    expect(ranges).toEqual([undefined, `bytes=${half}-`]);
  });

  it('stops in the pause before a retry, and before the start', async () => {
    answers = [sends(content.subarray(0, half), { 'Transfer-Encoding': 'chunked' })];
    const begun = performance.now();
    expect((await fault(get({ signal: AbortSignal.timeout(100), pauses: [60_000] }))).kind).toBe('cancelled');
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect((await fault(get({ signal: AbortSignal.abort() }))).kind).toBe('cancelled');
    expect(ranges.length).toBe(1);
  });

  it('lets one of two calls download, the other one finds the file', async () => {
    let last: Promise<unknown> = Promise.resolve();
    const names: string[] = [];
    const lock: Lock = (name, _signal, work) => {
      names.push(name);
      const mine = last.then(work);
      last = mine;
      return mine;
    };
    for (const bytes of await Promise.all([get({ lock }), get({ lock })])) same(bytes);
    expect(names).toEqual([`lossy-file-${file.sha256}`, `lossy-file-${file.sha256}`]);
    expect(ranges).toEqual([undefined]);
    expectKept();
  });

  it('reports the first bytes, the verified end, and little between', async () => {
    answers = [breaks(half), whole];
    const seen: FileProgress[] = [];
    const begun = performance.now();
    await get({ onProgress: (progress) => seen.push(progress) });
    const most = (performance.now() - begun) / 50 + 2;
    expect(seen.length).toBeGreaterThanOrEqual(2);
    expect(seen.length).toBeLessThanOrEqual(most);
    expect(seen[0]).toMatchObject({ file: 'model.onnx', total: content.length, from: 'network' });
    expect(seen[0].done).toBeGreaterThan(0);
    expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).sort((a, b) => a - b));
    expect(seen.filter(({ done }) => done === content.length).length).toBe(1);

    seen.length = 0;
    await get({ onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({ file: 'model.onnx', done: content.length, total: content.length, from: 'kept' });
  });
});

describe('fetchKept without a storage', () => {
  async function getInMemory(options: FetchOptions, cause: string) {
    const notices: LabError[] = [];
    answers = [breaks(half), whole];
    same(await get({ ...options, onNotice: (error) => notices.push(error) }));
    expect(ranges).toEqual([undefined, `bytes=${half}-`]);
    expect(sent).toBe(content.length);
    expect(notices.map(({ kind }) => kind)).toEqual(['storage']);
    expect(notices[0].message).toContain(`The browser does not keep model.onnx (${cause}`);
    expect(notices[0].advice).not.toBe('');
  }

  it('downloads into memory where there is none', async () => {
    await getInMemory({ storage: undefined }, 'Error: It has no private file system)');
  });

  it('downloads into memory where it is full, and leaves no part', async () => {
    storage.quota = 1_000_000;
    await getInMemory({}, 'QuotaExceededError: It is full)');
    expect(storage.files.size).toBe(0);
  });

  it.each([0, 2 ** 32 - 8])('takes %d written bytes for a full storage', async (written) => {
    storage.quota = 1_000_000;
    storage.full = () => written;
    await getInMemory({}, 'QuotaExceededError: There is no room for more)');
    expect(storage.files.size).toBe(0);
  });

  it.each(['open', 'delete', 'rename'] as const)('downloads into memory where %s throws', async (method) => {
    const fail = () => Promise.reject(new DOMException('Not here', 'SecurityError'));
    Object.assign(storage, { [method]: fail });
    await getInMemory({}, 'SecurityError: Not here)');
  });

  it.each(['getSize', 'read', 'write', 'truncate', 'flush'] as const)(
    'survives a handle whose %s throws',
    async (method) => {
      const original = storage.open.bind(storage);
      storage.files.set(part, new Uint8Array(content.length + 1));
      if (method === 'read') storage.files.set(part, content.slice(0, 5));
      storage.open = async (name, create) => {
        const handle = await original(name, create);
        if (handle)
          handle[method] = () => {
            throw new DOMException('Broken', 'InvalidStateError');
          };
        return handle;
      };
      await getInMemory({}, 'InvalidStateError: Broken)');
    },
  );
});
