import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-web';
import { createOrtEngine } from '../src/lab/engine/ort.ts';
import { loadModel } from '../src/lab/model/load.ts';
import type { Answers } from '../src/lab/probe/probes.ts';
import { LabSession } from '../src/lab/session.ts';
import { type FoundModel, findModel, openSuite } from './folder.ts';

/** Where a session's files are, and how it asks. */
export interface NodeSessionOptions {
  /** A folder, an ONNX file with the others beside it, the id of a shipped model, or files that were read already. */
  model: string | FoundModel;
  /** A folder, a file, a zip, or the id of a shipped suite. Left out, the model is only compressed and exported. */
  suite?: string;
  /** Path of LAMA's common vocabulary: facts with other answers are left out. */
  vocabulary?: string;
  /** Which answers count; `single-token` by default. */
  answers?: Answers;
  /** As many as cores, at most 8, by default. */
  threads?: number;
}

/**
 * Opens a model and a suite on WebAssembly.
 *
 * @throws LabError `bad-model`, `bad-tokenizer` or `bad-suite` where files are missing, damaged or do not go together
 */
export async function openSession({
  model,
  suite,
  vocabulary,
  answers,
  threads,
}: NodeSessionOptions): Promise<LabSession> {
  const { name, files } = typeof model === 'string' ? await findModel(model) : model;
  const session = new LabSession({
    model: { ...loadModel(files), name },
    files,
    suite: suite === undefined ? null : await openSuite(suite, vocabulary),
    answers,
    engine: createOrtEngine(ort, { threads: threads ?? Math.min(availableParallelism(), 8) }),
  });
  // What cannot be asked, or run, is reported now.
  if (suite !== undefined) session.probes();
  await session.start();
  return session;
}
