export { leaveDecide as leave, openDecide as open } from './decide.ts';
