export { leaveCompare as leave, openCompare as open } from './compare.ts';
