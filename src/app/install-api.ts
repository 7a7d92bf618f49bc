import type { LossyApi } from './api.ts';

declare global {
  var lossy: LossyApi;
}

/** Loaded with the first call: the page itself does not need it. */
const load = async () => (await import('./api.ts')).api;

/** Makes the lab reachable for programs on the page. */
export function installApi(): void {
  globalThis.lossy = {
    run: async (spec) => (await load()).run(spec),
    cancel: () => void load().then((api) => api.cancel()),
    cache: {
      list: async () => (await load()).cache.list(),
      clear: async (keys) => (await load()).cache.clear(keys),
    },
    backend: async () => (await load()).backend(),
  };
}
