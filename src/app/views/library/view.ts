export { leaveLibrary as leave, openLibrary as open } from './library.ts';
