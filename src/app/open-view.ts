import { complain } from './page/notices.ts';
import { setBusy, takeAddress, usePage, viewOfAddress } from './page/page.ts';
import { endWorkers } from './run/coordinator.ts';
import { listUserSuites } from './run/user-suites.ts';
import type { ViewId } from './view-list.ts';

/** What the page needs of a view: `views/<id>/view.ts`. */
interface View {
  /** Shows what an address says: at first, when its link is followed, and when the address is edited by hand. */
  open: (fragment: string) => Promise<void> | void;
  /** Ends what the view holds, for the time that another one is shown. */
  leave: () => void;
}

/** Each comes with its view, so that whoever only explores never downloads it. */
const views = import.meta.glob<View>('./views/*/view.ts');

/** The view that holds something now. */
let shown: { id: ViewId; view: View } | undefined;

/** Opens what an address says: called once, and again when a link is followed or the address is edited by hand. */
export async function openView(fragment: string): Promise<void> {
  takeAddress(fragment);
  const id = viewOfAddress(fragment);
  usePage.setState({ page: id });
  const isWanted = () => usePage.getState().page === id;
  try {
    // What the visitor brought is among what a link may name.
    const [view] = await Promise.all([views[`./views/${id}/view.ts`](), listUserSuites()]);
    if (!isWanted()) return;
    if (shown && shown.id !== id) {
      shown.view.leave();
      // What else the view began (an export, a word that was looked up) ends with it.
      endWorkers();
      setBusy(null);
    }
    shown = { id, view };
    await view.open(fragment);
  } catch (error) {
    complain(error);
  }
}
