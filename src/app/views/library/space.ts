import { clearKept, keptBytes } from '../../../../workers/downloaded-files.ts';
import { usePage } from '../../page/page.ts';
import { userSuites } from '../../run/coordinator.ts';
import { yieldToPage } from '../../yield-to-page.ts';

/** What this page takes of the browser's space, in bytes. */
export interface Space {
  /** What the browser counts in all, and gives at most; null where it does not say. */
  usage: number | null;
  quota: number | null;
  models: number;
  suites: number;
  /** Whether the browser keeps it even when space runs short; null where it does not say. */
  isSafe: boolean | null;
}

/** Looks how much space is used, and for what. */
export async function readSpace(): Promise<Space> {
  const { usage = null, quota = null } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  const isSafe = (await navigator.storage?.persisted?.().catch(() => null)) ?? null;
  let suites = 0;
  for (const { id } of usePage.getState().userSuites) {
    // What is damaged is told where it is used.
    const suite = await userSuites.read(id).catch(() => null);
    suites += JSON.stringify(suite).length;
    await yieldToPage();
  }
  return { usage, quota, models: await keptBytes(), suites, isSafe };
}

/** Asks the browser to keep everything even when space runs short. @returns whether it will */
export const keepSafe = async (): Promise<boolean> =>
  (await navigator.storage?.persist?.().catch(() => false)) ?? false;

export { clearKept };
