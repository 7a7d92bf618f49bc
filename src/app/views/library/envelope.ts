import { fileItem, fileParts, findResults, type LeftOutReason, type TaggedResult } from '../../../lab/result/file.ts';
import { fromJson, type ProbeOrder } from '../../../lab/result/json.ts';
import { modelOf } from '../../shipped.ts';
import { yieldToPage } from '../../yield-to-page.ts';

export { type LeftOutReason, leftOutReasons } from '../../../lab/result/file.ts';

/** Larger files are refused before they are read: the page would not survive them. */
export const largestFile = 512 * 2 ** 20;

/** The tokenizer of a result's model, where that is still the one that is shipped. */
export const tokenizerOf = ({ name, sha256 }: { name: string; sha256: string }): string | null => {
  const model = modelOf(name);
  return model?.sha256 === sha256 ? model.tokenizerSha256 : null;
};

/** One result as it goes into a file. */
export const toItem = (tagged: TaggedResult, probes: ProbeOrder) =>
  fileItem(tagged, probes, tokenizerOf(tagged.result.entry.model));

/** A file of results that {@link readFile} reads. */
export const writeFile = (items: readonly ReturnType<typeof toItem>[], made: Date): Blob =>
  new Blob(fileParts(items, made), { type: 'application/json' });

/** What a file holds. */
export interface FileContent {
  results: TaggedResult[];
  /** How many results were left out, by reason. */
  leftOut: Partial<Record<LeftOutReason, number>>;
}

/**
 * Reads a file of results. Everything in it is checked: it comes from anybody.
 *
 * @param probesOf how many probes there are where that is known, by the key of the uncompressed model's result
 * @param onProgress how many results have been read, of how many
 * @throws LabError `bad-file` that names the first result that is wrong, and says why
 */
export async function readFile(
  text: string,
  probesOf: (key: string) => Promise<number | null>,
  onProgress: (done: number, of: number) => void = () => {},
): Promise<FileContent> {
  const content: FileContent = { results: [], leftOut: {} };
  const found = findResults(text);
  for (const [index, one] of found.entries()) {
    if (typeof one === 'string') content.leftOut[one] = (content.leftOut[one] ?? 0) + 1;
    else {
      const { input, where, tags } = one;
      content.results.push({ result: await fromJson(input, where, { modelOf, probesOf }), tags });
    }
    onProgress(index + 1, found.length);
    await yieldToPage();
  }
  return content;
}
