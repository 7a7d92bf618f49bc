import { LabError } from '../../errors.ts';
import { factSuite, parseFactFiles, parseSuite, type Suite, taskSuite } from '../suite.ts';
import { type TaskId, tasks } from '../tasks/index.ts';
import {
  badSuite,
  folderOf,
  type ImportFile,
  isDocumentation,
  isHidden,
  isObject,
  jsonLines,
  nameOf,
} from './files.ts';
import { HarnessReader } from './harness.ts';
import { type LamaKind, LamaReader } from './lama.ts';

export { filesOfZip, type ImportFile } from './files.ts';

export interface ImportOptions {
  /** What to call the suite where its files give it no title. */
  name: string;
  /** LAMA's common vocabulary, one word a line: facts with other objects are left out, as LAMA's authors do. */
  commonVocabulary?: string;
  signal?: AbortSignal;
}

type Kind = LamaKind | TaskId | 'facts';

/** How JSON lines are known: by the fields of the first record. The first kind that fits counts. */
const kinds: { kind: Kind; has: string[]; only?: string[] }[] = [
  { kind: 'relations', has: ['relation', 'template'] },
  { kind: 'trex', has: ['predicate_id'] },
  { kind: 'google-re', has: ['pred', 'judgments'] },
  { kind: 'conceptnet', has: ['masked_sentences', 'pred'] },
  { kind: 'squad', has: ['masked_sentences'] },
  { kind: 'boolq', has: ['passage', 'question'] },
  { kind: 'piqa', has: ['goal', 'sol1', 'sol2'] },
  { kind: 'winogrande', has: ['sentence', 'option1', 'option2'] },
  { kind: 'hellaswag', has: ['ctx_a', 'endings'] },
  // Very many files have a text: one with anything to be asked beside it is something else.
  { kind: 'lambada', has: ['text'], only: ['text', 'domain', 'relation', 'id', 'idx'] },
  { kind: 'facts', has: ['relation', 'subject', 'object'] },
];

/**
 * Makes a suite of what was given: a folder, the files of a zip, or single files. They are recognised by what they hold:
 *
 * - the lab's own suite: `suite.json`, or `facts.jsonl` with `templates.json`; files beside it are not looked at
 * - LAMA, whole or in part: see `LamaReader`
 * - tasks of the LM harness: BoolQ, PIQA with its file of answers, WinoGrande, HellaSwag, LAMBADA
 *
 * Documentation and hidden files are passed over; any other file is refused.
 *
 * @throws LabError `bad-suite` that names the file, the line and the fault; `cancelled` where the signal was given
 */
export async function importSuite(files: readonly ImportFile[], options: ImportOptions): Promise<Suite> {
  const { name, commonVocabulary, signal } = options;
  const given = files
    .filter(({ path }) => !isHidden(path) && !isDocumentation(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  if (given.length === 0) throw badSuite(`${name} holds no file of facts or tasks.`);
  const own = await readOwn(given, name, signal);
  if (own) return own;

  const lama = new LamaReader(commonVocabulary);
  const harness = new HarnessReader();
  for (const file of given) {
    const text = await read(file, signal);
    if (file.path.endsWith('.lst')) {
      harness.addLabels(file.path, text);
      continue;
    }
    const kind = kindOf(file.path, text);
    if (kind === 'facts')
      throw badSuite(
        `${file.path} holds facts of the lab’s own form, which need templates.`,
        'Call the two files facts.jsonl and templates.json, and choose both of them.',
      );
    if (isTask(kind)) harness.add(kind, file.path, jsonLines(file.path, text));
    else lama.add(kind, file.path, jsonLines(file.path, text));
  }
  if (!lama.isEmpty && !harness.isEmpty)
    throw badSuite(
      `${name} holds both facts of LAMA and tasks.`,
      'A suite has facts or tasks: choose the files of one.',
    );
  if (lama.isEmpty) return taskSuite({ title: name, licence: 'not stated', tasks: harness.finish() });
  return factSuite({ title: name, licence: 'CC BY-NC 4.0 (LAMA)', ...lama.finish() }, { given: true });
}

/** The lab's own suite, where there is one. */
async function readOwn(files: readonly ImportFile[], name: string, signal?: AbortSignal): Promise<Suite | null> {
  const called = (wanted: string) => files.filter(({ path }) => nameOf(path) === wanted);
  const pairs = called('facts.jsonl').flatMap((facts) => {
    const templates = files.find(({ path }) => path === `${folderOf(facts.path)}templates.json`);
    return templates ? [{ facts, templates }] : [];
  });
  const packed = called('suite.json');
  if (packed.length > 1 || (packed.length === 0 && pairs.length > 1)) {
    const paths = packed.length > 1 ? packed.map(({ path }) => path) : pairs.map(({ facts }) => facts.path);
    throw badSuite(`${name} holds several suites: ${paths.join(', ')}.`, 'Choose one of them.');
  }
  if (packed.length === 1) return parseSuite(await read(packed[0], signal));
  if (pairs.length === 1) {
    const [{ facts, templates }] = pairs;
    return parseFactFiles(await read(facts, signal), await read(templates, signal), name);
  }
  if (files.length > 1 || !files[0].path.endsWith('.json')) return null;
  const text = await read(files[0], signal);
  return hasFormat(text) ? parseSuite(text) : null;
}

/** Reads a file, and lets others have their turn first: the stop may be among them. */
async function read(file: ImportFile, signal?: AbortSignal): Promise<string> {
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
  if (signal?.aborted) throw new LabError('cancelled', 'Stopped.');
  return file.text();
}

/** Whether a text is JSON that states its format, as the lab's suites do. */
function hasFormat(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && 'format' in value;
  } catch {
    return false;
  }
}

function kindOf(path: string, text: string): Kind {
  const first = jsonLines(path, text).next();
  if (first.done) throw badSuite(`${path} is empty.`);
  const { value, fault } = first.value;
  const fields = Object.keys(value);
  const found = kinds.find(
    ({ has, only }) =>
      has.every((field) => fields.includes(field)) && (!only || fields.every((field) => only.includes(field))),
  );
  if (found) return found.kind;
  const known = Object.values(tasks).map(({ label }) => label);
  throw badSuite(
    `${fault.where}: has the fields ${fields.join(', ') || 'of none'}: this is no file of LAMA (T-REx, Google-RE, ConceptNet, SQuAD) or of a harness task that the lab knows (${known.join(', ')}).`,
  );
}

const isTask = (kind: Kind): kind is TaskId => kind in tasks;
