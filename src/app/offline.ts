import { canWait, findAdapter } from '../../workers/gpu.ts';
import type { ServiceWorkerMessage } from '../../workers/service-worker-messages.ts';
import { usePage } from './page/page.ts';
import { wantedBackend } from './run/coordinator.ts';
import { answersThere } from './run/results.ts';

/** `?sw=off` does without, and takes an installed one away. */
const isOff = () => new URLSearchParams(location.search).get('sw') === 'off';

/** Which build of the runtime the workers use here. */
async function runtimeHere(): Promise<NonNullable<ServiceWorkerMessage['runtime']>> {
  const wanted = wantedBackend();
  const found = wanted === 'wasm' ? null : await findAdapter(wanted === 'webgpu');
  return found === null ? 'wasm' : canWait() ? 'jspi' : 'asyncify';
}

/**
 * Makes the page open without a network from the next visit on. The rest of it is fetched when the first answers are
 * there, so that a slow line carries what is waited for first.
 */
export async function goOffline(): Promise<void> {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  if (isOff()) {
    for (const registration of await serviceWorker.getRegistrations()) await registration.unregister();
    for (const name of await caches.keys()) if (name.startsWith('lossy-site-')) await caches.delete(name);
    return;
  }
  // Where the browser refuses, or an extension blocks it, the lab works as before: with a network.
  const registration: ServiceWorkerRegistration | undefined = await serviceWorker
    .register('./sw.js', { scope: './' })
    .catch(() => undefined);
  if (!registration) return;
  watchForUpdate(registration);
  await sawAnswers();
  const active = (await serviceWorker.ready).active;
  const { model, suite } = usePage.getState().subject;
  // What is asked comes before the views that were not opened yet.
  const keep = [`suites/${suite}/suite.json`, `models/${model}/card.json`];
  active?.postMessage({ runtime: await runtimeHere(), keep } satisfies ServiceWorkerMessage);
}

/** Tells when a newer version of the site is there: it takes over when the visitor wants it, never in the middle of something. */
function watchForUpdate(registration: ServiceWorkerRegistration): void {
  const { serviceWorker } = navigator;
  const tell = (worker: ServiceWorker | null) => {
    if (!worker || !serviceWorker.controller) return;
    const update = () => {
      serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
      worker.postMessage({ take: true } satisfies ServiceWorkerMessage);
    };
    usePage.setState({ update });
  };
  tell(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed') tell(worker);
    });
  });
}

const sawAnswers = () =>
  new Promise<void>((resolve) => {
    if (performance.getEntriesByName(answersThere).length > 0) return resolve();
    const observer = new PerformanceObserver((list) => {
      if (list.getEntriesByName(answersThere).length === 0) return;
      observer.disconnect();
      resolve();
    });
    observer.observe({ type: 'mark' });
  });
