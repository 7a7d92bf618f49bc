// The service worker: what the page needs stays in this browser, so that it opens without a network, and its answers carry
// the headers that threads need, which a plain static host does not send. Models are kept by ./store.ts, not here.
import type { ServiceWorkerMessage } from './service-worker-messages.ts';

declare const self: ServiceWorkerGlobalScope;

/** Set by the build (scripts/offline.ts): its name, and the files of the built folder that this worker may keep. */
declare const lossyBuild: { id: string; shell: readonly string[]; files: readonly string[] };

const root = new URL('./', self.location.href);
/** One host may serve several copies of the site, each under a path of its own. */
const prefix = `lossy-site-${root.pathname}-`;
const name = `${prefix}${lossyBuild.id}`;
const start = root.href;
const known = new Set(lossyBuild.files.map((file) => new URL(file, root).href));

/** Lets a page share memory between threads (cross-origin isolation). */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

self.addEventListener('install', (event) => event.waitUntil(keepAll(lossyBuild.shell)));

self.addEventListener('activate', (event) =>
  event.waitUntil(
    (async () => {
      for (const other of await caches.keys())
        if (other.startsWith(prefix) && other !== name) await caches.delete(other);
      await self.clients.claim();
    })(),
  ),
);

self.addEventListener('message', (event) => {
  const { keep = [], runtime, take } = (event.data ?? {}) as ServiceWorkerMessage;
  if (take === true) void self.skipWaiting();
  if (runtime) event.waitUntil(keepAll(['./', ...keep, ...lossyBuild.files.filter((path) => serves(path, runtime))]));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  address.hash = '';
  address.search = '';
  // Parts of files are asked for by ./store.ts, which keeps them itself.
  if (request.method !== 'GET' || address.origin !== root.origin || request.headers.has('Range')) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (known.has(address.href)) event.respondWith(file(address.href, request));
});

/** The page itself, as this build has it: a newer one comes with its own service worker, when the visitor wants it. */
async function page(request: Request): Promise<Response> {
  const kept = await (await caches.open(name)).match(start);
  return withHeaders(kept ?? (await fetch(request)));
}

/** A file of this build: its address names its content, or the build does, so that what is kept is never old. */
async function file(address: string, request: Request): Promise<Response> {
  const cache = await caches.open(name);
  const kept = await cache.match(address);
  if (kept) return withHeaders(kept);
  const response = await fetch(request);
  // A full disk costs the next visit a download, and this one nothing.
  if (response.status === 200) await cache.put(address, response.clone()).catch(() => {});
  return withHeaders(response);
}

/** Whether a page that runs on this build of the runtime needs a file of the site itself. */
function serves(path: string, runtime: ServiceWorkerMessage['runtime']): boolean {
  const [, build] = /ort-wasm-simd-threaded(?:\.(jspi|asyncify))?[^/]*\.wasm$/.exec(path) ?? [];
  if (path.endsWith('.wasm')) return (build ?? 'wasm') === runtime;
  return !path.endsWith('.json');
}

/** One after the other, and what cannot be had now is had later: nothing that the visitor waits for is held up. */
async function keepAll(files: readonly string[]): Promise<void> {
  const cache = await caches.open(name);
  for (const path of files) {
    const { href } = new URL(path, root);
    if ((!known.has(href) && href !== start) || (await cache.match(href))) continue;
    try {
      // The page has most of them already: the browser's own cache saves the line.
      const response = await fetch(href, { cache: 'force-cache' });
      if (response.status === 200) await cache.put(href, response);
    } catch {}
  }
}

function withHeaders(response: Response): Response {
  // A redirect, or an answer that cannot be read, is passed on as it is.
  if (response.status === 0 || response.redirected || response.type === 'opaqueredirect') return response;
  const headers = new Headers(response.headers);
  for (const [header, value] of Object.entries(isolation)) headers.set(header, value);
  const { status, statusText } = response;
  return new Response(status === 204 || status === 304 ? null : response.body, { status, statusText, headers });
}
