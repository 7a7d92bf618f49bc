import { keepLink } from '../page.ts';

/** Opens the view on what its address says. */
export function open(fragment: string): void {
  keepLink('decide', fragment || '#view=decide');
}

/** Ends what the view holds. */
export function leave(): void {}
