/** What went wrong, as a closed set: the page and the command line choose their words and their next step by it. */
export type ErrorKind =
  | 'bad-model' // the ONNX file, its config or its card cannot be used
  | 'bad-tokenizer' // the tokenizer does not belong to the model
  | 'bad-suite' // facts or templates are incomplete or of another shape
  | 'bad-recipe' // an unknown method, or a parameter out of range
  | 'bad-link' // a share link that is damaged, too long, or of a version we do not know
  | 'bad-file' // a file of results that is damaged, or was changed
  | 'download' // the network or the server failed; trying again continues where it stopped
  | 'storage' // the browser or the disk keeps nothing for us (full, blocked, private mode)
  | 'no-webgpu' // there is no usable adapter
  | 'device-lost' // the GPU went away while it worked
  | 'device-wrong' // the GPU answers, but not what WebAssembly answers
  | 'worker' // a worker crashed
  | 'cancelled' // the user stopped it: never shown as an error
  | 'internal'; // a fault of ours

/** An error for people. It is plain data once `toJSON` was called, so that it crosses a worker border. */
export class LabError extends Error {
  readonly kind: ErrorKind;
  /** What the reader can do about it, one sentence. */
  readonly advice: string;

  /**
   * @param kind which kind of failure
   * @param message what happened, with the offending value and what is allowed
   * @param advice what to do now
   */
  constructor(kind: ErrorKind, message: string, advice = '', options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'LabError';
    this.kind = kind;
    this.advice = advice;
  }

  toJSON(): PlainError {
    return { kind: this.kind, message: this.message, advice: this.advice };
  }

  /** Any thrown value as a LabError; what is not one already becomes `fallback`. */
  static from(error: unknown, fallback: ErrorKind = 'internal', advice = ''): LabError {
    if (error instanceof LabError) return error;
    if (isPlainError(error)) return new LabError(error.kind, error.message, error.advice);
    const message = error instanceof Error ? error.message : String(error);
    return new LabError(fallback, message, advice, { cause: error });
  }
}

/** A LabError as it travels between threads. */
export interface PlainError {
  kind: ErrorKind;
  message: string;
  advice: string;
}

function isPlainError(value: unknown): value is PlainError {
  return typeof value === 'object' && value !== null && 'kind' in value && 'message' in value && 'advice' in value;
}
