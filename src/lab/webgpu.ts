/**
 * An engine on onnxruntime-web's WebGPU.
 *
 * @module lossy/webgpu
 */
export type { Engine } from './engine/engine.ts';
export { createGpuEngine, type Gpu } from './engine/gpu/ort.ts';
export type { OrtModule } from './engine/ort.ts';
