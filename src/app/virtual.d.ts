/** Written by scripts/shipped.ts when the page is built. */
declare module 'virtual:shipped' {
  export const models: readonly import('./shipped.ts').ShippedModel[];
  export const suites: readonly import('./shipped.ts').ShippedSuite[];
}
