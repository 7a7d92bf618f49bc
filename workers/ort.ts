// The builds of onnxruntime-web, each loaded where it is needed.

/** The runtime starts workers of its own, which resolve addresses against other places. */
const absolute = (paths: { wasm: string; mjs: string }) => ({
  wasm: new URL(paths.wasm, location.href).href,
  mjs: new URL(paths.mjs, location.href).href,
});

export async function loadWasm() {
  const [ort, wasm, mjs] = await Promise.all([
    import('onnxruntime-web/wasm'),
    import('onnxruntime-web/ort-wasm-simd-threaded.wasm?url'),
    import('onnxruntime-web/ort-wasm-simd-threaded.mjs?url'),
  ]);
  ort.env.wasm.wasmPaths = absolute({ wasm: wasm.default, mjs: mjs.default });
  return ort;
}

/** Whether WebAssembly can wait for promises by itself (JSPI). Else the runtime's build waits by a rewrite of its code. */
const canWait = () => 'Suspending' in WebAssembly;

/** Two builds that compute the same: the one for browsers whose WebAssembly can wait is a third smaller, and faster. */
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
