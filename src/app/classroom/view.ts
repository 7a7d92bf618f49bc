import { keepLink } from '../page.ts';

/** Opens the view on what its address says. */
export function open(fragment: string): void {
  keepLink('classroom', fragment || '#view=classroom');
}

/** Ends what the view holds. */
export function leave(): void {}
