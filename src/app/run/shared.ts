import type { Backend } from '../../lab/engine/engine.ts';
import { LabError, type PlainError } from '../../lab/errors.ts';
import { usePage } from '../page/page.ts';
import { ProbeLayouts } from '../storage/probe-layouts.ts';
import { ResultCache } from '../storage/result-cache.ts';
import { UserSuites } from '../storage/user-suites.ts';
import { KnownResults } from './results.ts';
import { openTabs } from './tabs.ts';

/** Tells the reader something that stopped nothing; the same message once. */
export const notify = (error: LabError) =>
  usePage.setState(({ notices }) => ({
    notices: [...notices.filter(({ message }) => message !== error.message), error.toJSON()],
  }));

/** Tells the reader what went wrong, whatever was thrown. */
export const complain = (error: unknown) => notify(LabError.from(error));

export const dismiss = (notice: PlainError) =>
  usePage.setState(({ notices }) => ({ notices: notices.filter((other) => other !== notice) }));

export const cache = new ResultCache(notify);
export const results = new KnownResults(cache);
export const layouts = new ProbeLayouts();
export const userSuites = new UserSuites(notify);

const listeners = new Set<(key: string) => void>();

/** Calls back when another tab saved more of a result. */
export function onSaved(listener: (key: string) => void): void {
  listeners.add(listener);
}

export const tabs = openTabs((key) => {
  for (const listener of listeners) listener(key);
});

/** `?backend=wasm` or `webgpu` insists on one. */
export function wantedBackend(): Backend | 'auto' {
  const wanted = new URLSearchParams(location.search).get('backend');
  return wanted === 'wasm' || wanted === 'webgpu' ? wanted : 'auto';
}
