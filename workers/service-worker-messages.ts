/** What the page asks of the service worker. */
export interface ServiceWorkerMessage {
  /** Keeps all views, and the build of the runtime that this device uses; the others are three times as large as all else. */
  runtime?: 'wasm' | 'jspi' | 'asyncify';
  /** Files to keep before them, by their addresses within the site; unknown ones are passed over. */
  keep?: readonly string[];
  /** Takes the place of an older version at once. */
  take?: true;
}
