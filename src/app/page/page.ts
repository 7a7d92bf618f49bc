import { create } from 'zustand';
import type { PlainError } from '../../lab/errors.ts';
import { toFragment, viewOf } from '../link/fragment.ts';
import { defaultChoice } from '../recipe/curve.ts';
import type { Question } from '../recipe/question.ts';
import type { UserSuite } from '../storage/user-suites.ts';
import { type ViewId, viewList } from '../view-list.ts';

/** What all views share. */
export interface PageState {
  page: ViewId;
  /** Each view's address as it was last: its navigation link leads back to what was seen there. */
  links: Partial<Readonly<Record<ViewId, string>>>;
  /** What was last asked of whom: a view that was not seen yet begins with it. */
  subject: Question;
  /** How much of what is being computed is done, 0 to 1; null where nothing is. */
  busy: number | null;
  /** Things to know that stopped nothing, the latest last; the reader can dismiss them. */
  notices: readonly PlainError[];
  /** The suites that the visitor brought. */
  userSuites: readonly UserSuite[];
  /** Reloads the page as its newer version; null where there is none. */
  update: (() => void) | null;
}

const { model, suite, template } = defaultChoice;

export const usePage = create<PageState>()(() => ({
  page: 'explore',
  links: {},
  subject: { model, suite, template },
  busy: null,
  notices: [],
  userSuites: [],
  update: null,
}));

/** Which view a link's fragment is for. */
export const viewOfAddress = (fragment: string): ViewId => {
  const view = viewOf(fragment);
  return viewList.find(({ id }) => id === view)?.id ?? 'explore';
};

/** Where a view's navigation link leads: back to what was seen there, or to the same question. */
export const linkTo = (id: ViewId, { links, subject }: Pick<PageState, 'links' | 'subject'>): string =>
  links[id] ?? `#${toFragment(id, { ...subject })}`;

/** Remembers what is asked of whom, for the views that are opened next, and forgets where those led that asked something else. */
export function setSubject({ model, suite, template }: Question): void {
  const { subject, page, links } = usePage.getState();
  if (subject.model === model && subject.suite === suite && subject.template === template) return;
  const own = links[page];
  usePage.setState({ subject: { model, suite, template }, links: own === undefined ? {} : { [page]: own } });
}

/** Tells how far what is being computed is. */
export const setBusy = (busy: number | null) => usePage.setState({ busy });

/** Browsers refuse to change the address more often than some hundred times a minute: a slider on its way does so. */
const addressDelay = 200;
let timer: ReturnType<typeof setTimeout> | undefined;

/** The address as the page knows it: the one that it opened or wrote last. */
let known: string | undefined;

/** The page opens this address: what was still to be written is not for it. */
export function takeAddress(address: string): void {
  clearTimeout(timer);
  known = address;
}

/**
 * Keeps the address in step with what a view shows, so that it can be copied at any time.
 *
 * @param asStep whether the browser's back button leads to what was shown before; a slider on its way makes no steps
 */
export function writeAddress(page: ViewId, fragment: () => string, asStep = false): void {
  clearTimeout(timer);
  const write = () => {
    const address = `#${fragment()}`;
    keepLink(page, address);
    // A link was followed, and the browser has yet to say so: what it leads to must not be written over.
    if (known !== undefined && location.hash !== known) return;
    if (asStep && address !== location.hash) history.pushState(null, '', address);
    else history.replaceState(null, '', address);
    known = location.hash;
  };
  // Two steps in a row are two: neither waits for the other.
  if (asStep) write();
  else timer = setTimeout(write, addressDelay);
}

/** Remembers where a view's navigation link leads. */
export const keepLink = (page: ViewId, address: string) =>
  usePage.setState(({ links }) => ({ links: { ...links, [page]: address } }));
