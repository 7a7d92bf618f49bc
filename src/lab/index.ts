/**
 * The lab as a library: compresses a language model by a recipe and asks it facts. Pure: how files are read and what
 * runs a model is handed in. `lossy/node` opens folders; `lossy/wasm` and `lossy/webgpu` make engines from a build of
 * onnxruntime-web.
 *
 * @module lossy
 */
export { type MethodId, methodList } from './compress/methods/index.ts';
export { describeRecipe, parseRecipe, type Recipe, type Step } from './compress/recipe.ts';
export { type ErrorKind, LabError, type PlainError } from './errors.ts';
export { type ExportFiles, type ExportFormatId, exportFormatIds } from './export/index.ts';
export { graphFiles, loadModel, type Model, type ModelFiles } from './model/load.ts';
export type { Predictions } from './probe/predictions.ts';
export type { ResultJson } from './result/json.ts';
export {
  type Evaluated,
  type EvaluateOptions,
  type ExportOptions,
  LabSession,
  type OpenProber,
  type ProbeRange,
  type RunOptions,
  type SessionParts,
} from './session.ts';
export { filesOfZip, type ImportFile, importSuite } from './suite/importers/index.ts';
export { parseSuite, type Suite, type Wording } from './suite/suite.ts';
