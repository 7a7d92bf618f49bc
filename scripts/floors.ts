import type { Floors } from './import-graph.ts';

/** Everything that holds sources. */
export const sourceFolders = ['src', 'workers', 'cli', 'bench', 'scripts', 'e2e', 'training'];

/** The rooms of the library, lowest first. */
export const labFloors: Floors = {
  folder: 'src/lab',
  floors: [
    ['errors.ts', 'hash32.ts', 'platform.d.ts'],
    // These two throw LabErrors.
    ['json.ts', 'work.ts'],
    ['linalg', 'metrics', 'onnx', 'tokens'],
    // Below the models: which graphs a model has, and what a layer belongs to, is its family's to say.
    ['family'],
    ['model'],
    ['compress'],
    ['engine'],
    ['suite'],
    ['probe'],
    // Above the probes: an export is checked by its answers.
    ['export'],
    ['result'],
    ['session.ts'],
    // The public faces.
    ['index.ts', 'wasm.ts', 'webgpu.ts'],
  ],
  besides: ['test'],
};

/** The rooms of the page's state, lowest first. */
export const appFloors: Floors = {
  folder: 'src/app',
  floors: [
    ['shipped.ts', 'virtual.d.ts', 'view-list.ts', 'yield-to-page.ts', 'chunks.ts'],
    ['storage'],
    ['recipe'],
    ['link'],
    ['page'],
    ['projection'],
    ['run'],
    ['views'],
    // What opens views, and what programs on the page are given.
    ['api.ts', 'offline.ts', 'open-view.ts'],
    ['install-api.ts'],
  ],
  besides: ['test'],
};
