import { LabError } from '../src/lab/errors.ts';
import { graphFiles, loadModel, type Model, type ModelFiles } from '../src/lab/model/load.ts';
import { parseSuite, type Suite } from '../src/lab/suite/suite.ts';
import type { LoadProgress } from './api.ts';
import { type Card, parseCard } from './card.ts';
import { fetchKept } from './store.ts';

/** Text of a small file of the site. @throws LabError `download` */
async function fetchText(url: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw new LabError('download', `${nameOf(url)} cannot be reached.`, 'Check the connection and try again.', {
      cause,
    });
  }
  // A static host answers a wrong path with its start page, and says 200.
  const isPage = response.headers.get('Content-Type')?.startsWith('text/html') ?? false;
  if (response.ok && !isPage) return response.text();
  throw new LabError(
    'download',
    `${nameOf(url)} is not there (status ${response.status}).`,
    'Check the name in the address, or open the lab without it.',
  );
}

const nameOf = (url: string) => new URL(url).pathname.split('/').slice(-2).join('/');

/**
 * Fetches and reads a shipped model and a suite, shipped or brought by the visitor.
 *
 * @param onProgress bytes of all of the model's files together
 */
export async function openFiles(
  ids: { model: string; suite: string | Suite },
  onProgress: (progress: LoadProgress) => void,
): Promise<{ model: Model; files: ModelFiles; suite: Suite; card: Card; notices: LabError[] }> {
  // The build's folder is wherever the page was put: the worker's own address tells.
  const root = new URL(import.meta.env.BASE_URL, import.meta.env.DEV ? location.origin : new URL('../', location.href));
  const folder = new URL(`models/${ids.model}/`, root);
  const [card, suite] = await Promise.all([
    fetchText(new URL('card.json', folder).href).then(parseCard),
    typeof ids.suite === 'string'
      ? fetchText(new URL(`suites/${ids.suite}/suite.json`, root).href).then(parseSuite)
      : ids.suite,
  ]);
  const total = card.files.reduce((sum, file) => sum + file.bytes, 0);
  const done = new Map<string, number>();
  const notices: LabError[] = [];
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  await Promise.all(
    card.files.map(async (file) => {
      const bytes = await fetchKept(new URL(file.name, folder).href, file, {
        onProgress: (progress) => {
          done.set(file.name, progress.done);
          onProgress({ done: [...done.values()].reduce((sum, part) => sum + part, 0), total });
        },
        onNotice: (notice) => {
          if (notices.length === 0) notices.push(notice);
        },
      });
      files.set(file.name, bytes);
    }),
  );
  const need = (name: string) => {
    const bytes = files.get(name);
    if (!bytes) throw new LabError('bad-model', `The card of ${ids.model} lists no ${name}.`, 'Choose another model.');
    return bytes;
  };
  const text = (name: string) => new TextDecoder().decode(need(name));
  const names = graphFiles(text('config.json')).map((others) => others.find((name) => files.has(name)) ?? others[0]);
  const modelFiles: ModelFiles = {
    graphs: new Map(names.map((name) => [name, need(name)])),
    config: text('config.json'),
    tokenizer: text('tokenizer.json'),
    tokenizerConfig: text('tokenizer_config.json'),
    // Fetching has made sure of it.
    graphsSha256: names.length === 1 ? card.files.find(({ name }) => name === names[0])?.sha256 : undefined,
  };
  return { model: loadModel(modelFiles), files: modelFiles, suite, card, notices };
}
