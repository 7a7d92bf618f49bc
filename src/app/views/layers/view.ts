export { leaveLayers as leave, openLayers as open } from './layers.ts';
