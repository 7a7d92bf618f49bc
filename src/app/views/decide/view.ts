export { leave, open } from './decide.ts';
