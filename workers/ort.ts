// The builds of onnxruntime-web, each loaded where it is needed.
import { LabError } from '../src/lab/errors.ts';
import { canWait } from './gpu.ts';

/** The runtime starts workers of its own, which resolve addresses against other places. */
const absolute = (paths: { wasm: string; mjs: string }) => ({
  wasm: new URL(paths.wasm, location.href).href,
  mjs: new URL(paths.mjs, location.href).href,
});

/** @param bytes from {@link fetchWasm}: each thread would download them by itself otherwise */
export async function loadWasm(bytes: ArrayBuffer) {
  const [ort, mjs] = await Promise.all([
    import('onnxruntime-web/wasm'),
    import('onnxruntime-web/ort-wasm-simd-threaded.mjs?url'),
  ]);
  ort.env.wasm.wasmBinary = bytes;
  ort.env.wasm.wasmPaths = { mjs: new URL(mjs.default, location.href).href };
  return ort;
}

let fetched: Promise<ArrayBuffer> | undefined;

/** The bytes of the WebAssembly build, downloaded once. @throws LabError `download` */
export function fetchWasm(): Promise<ArrayBuffer> {
  fetched ??= download();
  // What failed is tried again by whoever asks next.
  fetched.catch(() => {
    fetched = undefined;
  });
  return fetched;
}

async function download(): Promise<ArrayBuffer> {
  const advice = 'Check the connection and try again.';
  try {
    const { default: url } = await import('onnxruntime-web/ort-wasm-simd-threaded.wasm?url');
    const response = await fetch(new URL(url, location.href));
    if (response.ok) return await response.arrayBuffer();
    throw new LabError('download', `The runtime is not there (status ${response.status}).`, advice);
  } catch (error) {
    throw LabError.from(error, 'download', advice);
  }
}

/** Two builds that compute the same: the one for browsers whose WebAssembly can wait is a third smaller. */
export async function loadWebGpu() {
  const [ort, wasm, mjs] = canWait()
    ? await Promise.all([
        import('onnxruntime-web/jspi'),
        import('onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url'),
        import('onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url'),
      ])
    : await Promise.all([
        import('onnxruntime-web/webgpu'),
        import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'),
        import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url'),
      ]);
  ort.env.wasm.wasmPaths = absolute({ wasm: wasm.default, mjs: mjs.default });
  return ort;
}
