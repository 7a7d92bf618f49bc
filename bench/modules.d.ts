// The part of transformers.js that the bench uses. Written down here because its own types come with its packages, and
// the project's checks must pass where those are not installed.
declare module '@huggingface/transformers' {
  export interface Answer {
    token: number;
  }
  export interface FillMask {
    (text: string, options: { top_k: number }): Promise<Answer[]>;
    (texts: string[], options: { top_k: number }): Promise<Answer[][]>;
  }
  export function pipeline(
    task: 'fill-mask',
    model: string,
    options: {
      dtype: 'fp32';
      device: string;
      session_options: { executionProviders?: string[]; intraOpNumThreads?: number };
    },
  ): Promise<FillMask>;
  export const env: {
    version: string;
    allowRemoteModels: boolean;
    allowLocalModels: boolean;
    localModelPath: string;
    useBrowserCache: boolean;
    useFSCache: boolean;
    useWasmCache: boolean;
    backends: {
      onnx: {
        versions: { web?: string; node?: string };
        wasm?: { numThreads: number; wasmPaths?: { mjs: string; wasm: string } };
      };
    };
  };
}
