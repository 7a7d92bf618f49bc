export { leave, open } from './classroom.ts';
