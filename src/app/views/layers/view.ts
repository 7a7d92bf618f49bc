export { leave, open } from './layers.ts';
