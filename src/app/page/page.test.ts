import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** The browser's address and its history, as far as the page uses them. */
function browse(hash: string) {
  const location = { hash };
  const steps = [hash];
  vi.stubGlobal('location', location);
  vi.stubGlobal('history', {
    pushState: (_: unknown, __: string, address: string) => {
      steps.push(address);
      location.hash = address;
    },
    replaceState: (_: unknown, __: string, address: string) => {
      steps[steps.length - 1] = address;
      location.hash = address;
    },
  });
  return {
    steps,
    /** Follows a link: the address changes at once, and the page hears of it later. */
    follow: (address: string) => {
      steps.push(address);
      location.hash = address;
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the address', () => {
  it('follows what a view shows, a moment later, and keeps its steps', async () => {
    const { steps } = browse('#view=library');
    const { takeAddress, writeAddress } = await import('./page.ts');
    takeAddress('#view=library');
    writeAddress('library', () => 'view=library&search=a');
    writeAddress('library', () => 'view=library&search=ab');
    expect(steps).toEqual(['#view=library']);
    vi.runAllTimers();
    expect(steps).toEqual(['#view=library&search=ab']);
    writeAddress('library', () => 'view=library&sort=size', true);
    expect(steps).toEqual(['#view=library&search=ab', '#view=library&sort=size']);
    writeAddress('library', () => 'view=library');
    vi.runAllTimers();
    expect(steps).toEqual(['#view=library&search=ab', '#view=library']);
  });

  it('is not written over when a link was followed that the page has yet to hear of', async () => {
    const { steps, follow } = browse('#view=library');
    const { takeAddress, usePage, writeAddress } = await import('./page.ts');
    takeAddress('#view=library');
    writeAddress('library', () => 'view=library&search=a');
    follow('#view=explore');
    vi.runAllTimers();
    expect(steps).toEqual(['#view=library', '#view=explore']);
    // Its own link leads back to what was seen there all the same.
    expect(usePage.getState().links.library).toBe('#view=library&search=a');
    takeAddress('#view=explore');
    writeAddress('explore', () => 'view=explore&sparsity=0.5');
    vi.runAllTimers();
    expect(steps).toEqual(['#view=library', '#view=explore&sparsity=0.5']);
  });
});
