import { leaveExplore, openExplore } from './lab.ts';
import { leaveAddress, pageOf, usePage } from './page.ts';
import { listOwn } from './suites.ts';

/** Comes with its view: whoever only explores never downloads it. */
const families = () => import('./families/families.ts');

/** Opens what an address says: called once, and again when a link is followed or the address is changed by hand. */
export async function openPage(fragment: string): Promise<void> {
  leaveAddress();
  const page = pageOf(fragment);
  const { page: before } = usePage.getState();
  usePage.setState({ page });
  // What the visitor brought is among what a link may name.
  await listOwn();
  if (usePage.getState().page !== page) return;
  if (page === 'families') {
    if (before === 'explore') leaveExplore();
    const { openFamilies } = await families();
    if (usePage.getState().page === page) await openFamilies(fragment);
    return;
  }
  if (before === 'families') {
    const { leaveFamilies } = await families();
    leaveFamilies();
  }
  await openExplore(fragment);
}
