import { complain } from '../run/shared.ts';
import { leaveExplore, openExplore } from '../views/explore/explore.ts';
import { type PageId, pageOf, setBusy, takeAddress, usePage } from './page.ts';
import { listUserSuites } from './suites.ts';

/** What the page needs of a view: each comes with its view, so that whoever only explores never downloads it. */
interface View {
  /** Shows what an address says: at first, when its link is followed, and when the address is changed by hand. */
  open: (fragment: string) => Promise<void> | void;
  /** Ends what the view holds (workers, timers), for the time that another one is shown. */
  leave: () => void;
}

const views: Readonly<Record<PageId, () => Promise<View>>> = {
  explore: async () => ({ open: openExplore, leave: leaveExplore }),
  families: async () => {
    const { openFamilies, leaveFamilies } = await import('../views/families/families.ts');
    return { open: openFamilies, leave: leaveFamilies };
  },
  curves: () => import('../views/curves/view.ts'),
  compare: () => import('../views/compare/view.ts'),
  layers: () => import('../views/layers/view.ts'),
  decide: () => import('../views/decide/view.ts'),
  classroom: () => import('../views/classroom/view.ts'),
  library: () => import('../views/library/view.ts'),
};

/** The view that holds something now. */
let shown: { page: PageId; view: View } | undefined;

/** Opens what an address says: called once, and again when a link is followed or the address is changed by hand. */
export async function openPage(fragment: string): Promise<void> {
  takeAddress(fragment);
  const page = pageOf(fragment);
  usePage.setState({ page });
  const isWanted = () => usePage.getState().page === page;
  try {
    // What the visitor brought is among what a link may name.
    const [view] = await Promise.all([views[page](), listUserSuites()]);
    if (!isWanted()) return;
    if (shown && shown.page !== page) {
      shown.view.leave();
      setBusy(null);
    }
    shown = { page, view };
    await view.open(fragment);
  } catch (error) {
    complain(error);
  }
}
