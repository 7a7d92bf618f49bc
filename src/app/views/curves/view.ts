export { leave, open } from './curves.ts';
