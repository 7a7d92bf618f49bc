import type { Browser } from '@playwright/test';
import { ensureBrowser } from '../scripts/setup.mjs';

// Threads in WebAssembly need a cross-origin isolated page.
export const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Chromium, for as long as the work takes. Without a GPU: what is measured is WebAssembly. */
export async function inBrowser<T>(work: (browser: Browser) => Promise<T>, ...flags: string[]): Promise<T> {
  const { chromium } = await import('@playwright/test');
  // Containers run as root, where Chromium's sandbox cannot start.
  const args = ['--no-sandbox', '--disable-gpu', '--disable-software-rasterizer', ...flags];
  const browser = await chromium.launch({ ...(await ensureBrowser()), args });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}
