/**
 * Engines on onnxruntime-web's WebAssembly.
 *
 * @module lossy/wasm
 */
export type { Engine } from './engine/engine.ts';
export { createOrtEngine, type OrtModule, type OrtOptions } from './engine/ort.ts';
export { createPoolEngine, type Lane, type PoolOptions } from './engine/pool.ts';
