export { leave, open } from './families.ts';
