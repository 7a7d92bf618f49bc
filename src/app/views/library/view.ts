export { leave, open } from './library.ts';
