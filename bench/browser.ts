import type { Browser } from '@playwright/test';
import { ensureBrowser } from '../scripts/setup.mjs';

// Threads in WebAssembly need a cross-origin isolated page.
export const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Chromium, for as long as the work takes. Without a GPU, if not told otherwise: what is measured is WebAssembly then. */
export async function inBrowser<T>(
  work: (browser: Browser) => Promise<T>,
  { gpu = false, flags = [] }: { gpu?: boolean; flags?: string[] } = {},
): Promise<T> {
  const { chromium } = await import('@playwright/test');
  const graphics = gpu ? ['--enable-unsafe-webgpu'] : ['--disable-gpu', '--disable-software-rasterizer'];
  // Containers run as root, where Chromium's sandbox cannot start.
  const args = ['--no-sandbox', ...graphics, ...flags];
  const browser = await chromium.launch({ ...(await ensureBrowser()), args });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}
