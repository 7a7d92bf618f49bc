import { create } from 'zustand';
import type { PlainError } from '../lab/errors.ts';
import type { OwnEntry } from './own.ts';

/** The page's views. */
export type PageId = 'explore' | 'families';

/** What all views share. */
export interface PageState {
  page: PageId;
  /** Each view's address as it was last: its navigation link leads back to what was seen there. */
  links: Readonly<Record<PageId, string>>;
  /** Things to know that stopped nothing, the latest last; the reader can dismiss them. */
  notices: readonly PlainError[];
  /** The suites that the visitor brought. */
  own: readonly OwnEntry[];
}

export const usePage = create<PageState>()(() => ({
  page: 'explore',
  links: { explore: '#', families: '#view=families' },
  notices: [],
  own: [],
}));

/** Which view a link's fragment is for. */
export const pageOf = (fragment: string): PageId =>
  new URLSearchParams(fragment.replace(/^#/, '')).get('view') === 'families' ? 'families' : 'explore';

/** Browsers refuse to change the address more often than some hundred times a minute. */
const addressDelay = 200;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Keeps the address in step with what a view shows, so that it can be copied at any time. */
export function writeAddress(page: PageId, fragment: () => string): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const address = `#${fragment()}`;
    keepLink(page, address);
    history.replaceState(null, '', address);
  }, addressDelay);
}

/** Leaves the address as it is: another view is opened. */
export const leaveAddress = () => clearTimeout(timer);

/** Remembers where a view's navigation link leads. */
export const keepLink = (page: PageId, address: string) =>
  usePage.setState(({ links }) => ({ links: { ...links, [page]: address } }));
