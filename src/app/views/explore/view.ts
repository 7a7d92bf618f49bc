export { leave, open } from './explore.ts';
