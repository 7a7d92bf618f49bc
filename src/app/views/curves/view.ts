export { leaveCurves as leave, openCurves as open } from './curves.ts';
