import { readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { mimeTypes } from '../e2e/mime.ts';
import { isolation } from './browser.ts';

/** A line to the internet: what all connections together get through it. */
export interface LineSpeed {
  /** Bits a second. */
  bits: number;
  /** From a request to the first byte of its answer, in seconds. */
  latency: number;
}

/**
 * When what is sent over a line of this speed has arrived, in seconds of a clock of the caller's.
 *
 * @param bits a second
 */
export class NetworkLine {
  readonly #bits: number;
  /** Until when the line is taken. */
  #taken = 0;

  constructor(bits: number) {
    this.#bits = bits;
  }

  /** Sends so many bytes at a time, behind what was sent before. @returns when they have arrived */
  send(bytes: number, now: number): number {
    this.#taken = Math.max(this.#taken, now) + (8 * bytes) / this.#bits;
    return this.#taken;
  }
}

/** What a server sent. */
export interface Sent {
  path: string;
  /** Of the body, as it went over the line. */
  bytes: number;
}

/** Small enough that connections share the line evenly: 13 ms of a line of 10 Mbit/s. */
const chunk = 16_384;

/**
 * Serves a folder on this machine alone, through a slow line that all connections share. Throttling in the browser would
 * miss what its workers ask for.
 *
 * @param compressed as static hosts do it: what has one of the known types goes as gzip
 */
export async function serveSlowly(
  folder: string,
  { bits, latency }: LineSpeed,
  compressed: boolean,
): Promise<{ server: Server; address: string; sent: Sent[] }> {
  const line = new NetworkLine(bits);
  const sent: Sent[] = [];
  const known = new WeakSet<object>();
  const packed = new Map<string, Buffer>();
  const now = () => performance.now() / 1000;

  function bodyOf(path: string): { body: Buffer; isPacked: boolean } | undefined {
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
    const body = readFileSync(file);
    if (!compressed || !(extname(file) in mimeTypes)) return { body, isPacked: false };
    const small = packed.get(file) ?? gzipSync(body);
    packed.set(file, small);
    return { body: small, isPacked: true };
  }

  const server = createServer(async (request, response) => {
    // Normalised, so that no path leads out of the folder.
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://here').pathname));
    const found = bodyOf(path);
    // A new connection is a round trip more.
    const trips = known.has(request.socket) ? 1 : 2;
    known.add(request.socket);
    await sleep(1000 * latency * trips);
    const type = mimeTypes[extname(path.endsWith('/') ? 'index.html' : path)] ?? 'application/octet-stream';
    response.writeHead(found ? 200 : 404, {
      ...isolation,
      'Content-Type': type,
      'Content-Length': found?.body.length ?? 0,
      ...(found?.isPacked && { 'Content-Encoding': 'gzip' }),
    });
    const entry = { path, bytes: 0 };
    if (found) sent.push(entry);
    const body = found?.body ?? Buffer.alloc(0);
    // By the line's own clock: a timer that is late must not make the line slower.
    let arrived = now();
    for (let at = 0; at < body.length && !response.destroyed; at += chunk) {
      const part = body.subarray(at, at + chunk);
      arrived = line.send(part.length, arrived);
      await sleep(Math.max(0, 1000 * (arrived - now())));
      response.write(part);
      entry.bytes += part.length;
    }
    response.end();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return { server, address: `http://127.0.0.1:${address.port}/`, sent };
}
