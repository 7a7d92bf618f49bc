export { leave, open } from './compare.ts';
