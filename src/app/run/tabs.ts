/** What the tabs of one browser tell each other, so that no two compute the same. */
export interface Tabs {
  /**
   * Does the work while no other tab works on the same key.
   *
   * @param wait whether to wait for the other tab; otherwise `null` comes back at once
   */
  alone<T>(key: string, wait: boolean, work: () => Promise<T>): Promise<T | null>;
  /** Tells the others that there is more of a result in the cache. */
  saved(key: string): void;
}

/** Through Web Locks and a BroadcastChannel; a browser without them has every tab for itself. */
export function openTabs(onSaved: (key: string) => void): Tabs {
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('lossy-results');
  channel?.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') onSaved(data);
  });
  return {
    async alone(key, wait, work) {
      if (typeof navigator === 'undefined' || !navigator.locks) return work();
      return navigator.locks.request(`lossy-result-${key}`, { ifAvailable: !wait }, (lock) => (lock ? work() : null));
    },
    saved: (key) => channel?.postMessage(key),
  };
}
