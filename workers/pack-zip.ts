import { Zip, ZipDeflate } from 'fflate';
import { LabError } from '../src/lab/errors.ts';
import type { ExportFiles } from '../src/lab/export/index.ts';
import { stopIfAborted, type WorkOptions } from '../src/lab/work.ts';

/** What is packed at once, in bytes: between two chunks the worker reads its messages. */
const packedAtOnce = 2 ** 20;

/** The same files make the same zip. */
const zipDate = '1980-01-01T00:00:00';

interface Options extends Omit<WorkOptions, 'onProgress'> {
  onProgress: (share: number) => void;
}

/** Packs files; `onProgress` gets the share that is done. @throws LabError `cancelled` where the signal was given */
export async function packZip(
  files: ExportFiles,
  { signal, onProgress, yieldNow }: Options,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw LabError.from(error);
    chunks.push(chunk);
  });
  const of = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  let done = 0;
  for (const [name, bytes] of files) {
    const entry = new ZipDeflate(name, { level: 6 });
    entry.mtime = zipDate;
    zip.add(entry);
    for (let at = 0; at === 0 || at < bytes.length; at += packedAtOnce) {
      const chunk = bytes.subarray(at, at + packedAtOnce);
      entry.push(chunk, at + packedAtOnce >= bytes.length);
      done += chunk.length;
      onProgress(done / of);
      await yieldNow?.();
      stopIfAborted(signal);
    }
  }
  zip.end();
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
