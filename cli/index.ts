/**
 * The lab in Node: opens models and suites from folders, and runs them on WebAssembly.
 *
 * @module lossy/node
 */
export { type FoundModel, findModel, openModel, openSuite } from './folder.ts';
export { type NodeSessionOptions, openSession } from './session.ts';
