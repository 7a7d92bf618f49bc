import { LabError } from '../../../lab/errors.ts';
import { resultKey } from '../../../lab/result/key.ts';
import type { Result, ResultEntry } from '../../../lab/result/schema.ts';
import { Latest } from '../../page/latest.ts';
import { notify } from '../../page/notices.ts';
import { keepLink, setBusy, usePage, writeAddress } from '../../page/page.ts';
import { saveFile } from '../../page/save-file.ts';
import { toCsv } from '../../projection/csv.ts';
import { cache, endWorkers, layouts, results, saved } from '../../run/coordinator.ts';
import { openQuestion } from '../../run/question.ts';
import { offerOf } from '../../run/user-suites.ts';
import { modelOf } from '../../shipped.ts';
import type { ProbeLayout } from '../../storage/probe-layouts.ts';
import { yieldToPage } from '../../yield-to-page.ts';
import { largestFile, readFile, toItem, tokenizerOf, writeFile } from './envelope.ts';
import { type LibraryChoice, readLibraryLink, type SortKey, writeLibraryLink } from './library-choice.ts';
import { useLibrary } from './library-store.ts';
import { found, type LibraryRow, rowOf } from './rows.ts';
import { clearKept, keepSafe, readSpace } from './space.ts';
import { answerColumns, tableOf } from './tables.ts';
import { Tags } from './tags.ts';

const set = useLibrary.setState;
const get = useLibrary.getState;

const tags = new Tags(notify);

/** Results that become rows together: some milliseconds. */
const slice = 100;

const listing = new Latest();

useLibrary.subscribe(({ busy }, before) => {
  if (busy !== before.busy) setBusy(busy && busy.of > 0 ? busy.done / busy.of : null);
});

saved.add(() => {
  if (usePage.getState().page === 'library') void list();
});

/** Opens the view on what its address says. */
export async function open(fragment: string): Promise<void> {
  keepLink('library', fragment || '#view=library');
  try {
    set({ choice: readLibraryLink(fragment) });
  } catch (error) {
    notify(LabError.from(error, 'bad-link'));
  }
  await list();
  await look();
}

/** Ends what the view holds. */
export function leave(): void {
  endWorkers();
}

/** Reads the list of results, in slices. */
async function list(): Promise<void> {
  const isCurrent = listing.begin();
  const [entries] = await Promise.all([cache.list(), tags.read()]);
  const rows: LibraryRow[] = [];
  for (let from = 0; from < entries.length; from += slice) {
    rows.push(...entries.slice(from, from + slice).map((entry) => rowOf(entry, tags.get(entry.key))));
    if (from + slice < entries.length) await yieldToPage();
    if (!isCurrent()) return;
  }
  const keys = new Set(rows.map(({ entry }) => entry.key));
  set(({ selected }) => ({ rows, selected: new Set([...selected].filter((key) => keys.has(key))) }));
}

/** Looks how much space is used. */
async function look(): Promise<void> {
  set({ space: await readSpace() });
}

/** The rows that are found, in the chosen order. */
export const foundRows = ({ rows, choice }: Pick<ReturnType<typeof get>, 'rows' | 'choice'>): LibraryRow[] =>
  found(rows ?? [], choice);

/** Narrows or orders the list. */
export function choose(change: Partial<LibraryChoice>): void {
  set(({ choice }) => ({ choice: { ...choice, ...change } }));
  writeAddress('library', () => writeLibraryLink(get().choice), !('search' in change));
}

/** Sorts by a column; by the same one again the other way round. */
export function sortBy(sort: SortKey): void {
  const { choice } = get();
  const isSame = choice.sort === sort;
  const direction = isSame && choice.direction === 'ascending' ? 'descending' : 'ascending';
  choose({ sort, direction });
}

/** Selects a result, or no longer. */
export function toggle(key: string): void {
  set(({ selected }) => {
    const next = new Set(selected);
    if (!next.delete(key)) next.add(key);
    return { selected: next };
  });
}

/** Selects all that are found, or none. */
export const selectAll = (isOn: boolean) =>
  set((state) => ({ selected: new Set(isOn ? foundRows(state).map(({ entry }) => entry.key) : []) }));

/** What an action is for: the selected results; where none is, all that are found. */
export function chosenRows(state: Pick<ReturnType<typeof get>, 'rows' | 'choice' | 'selected'>): LibraryRow[] {
  const rows = foundRows(state);
  return state.selected.size === 0 ? rows : (state.rows ?? []).filter(({ entry }) => state.selected.has(entry.key));
}

/** Gives the selected results a tag. */
export async function addTag(tag: string): Promise<void> {
  const { selected } = get();
  await tags.add([...selected], tag);
  retag(selected);
}

/** Takes a tag from the selected results. */
export async function removeTag(tag: string): Promise<void> {
  const { selected } = get();
  await tags.remove([...selected], tag);
  retag(selected);
}

function retag(keys: ReadonlySet<string>): void {
  set(({ rows }) => ({
    rows: rows?.map((row) => (keys.has(row.entry.key) ? rowOf(row.entry, tags.get(row.entry.key)) : row)) ?? null,
  }));
}

/** Does something long: its progress is told, and what went wrong. */
async function work(what: 'export' | 'import' | 'delete', task: () => Promise<void>): Promise<void> {
  if (get().busy) return;
  set({ busy: { what, done: 0, of: 0 }, error: null, imported: null, leftOut: 0 });
  try {
    await task();
  } catch (error) {
    set({ error: LabError.from(error).toJSON() });
  } finally {
    set({ busy: null });
  }
}

const tell = (done: number, of: number) => set(({ busy }) => ({ busy: busy && { ...busy, done, of } }));

/** Deletes results, with their tags. */
export const remove = (keys: readonly string[]) =>
  work('delete', async () => {
    await cache.remove(keys);
    results.forget(keys);
    await tags.forget(keys);
    await list();
    await look();
  });

/** How the probes of a result lie: kept, or asked of its model where that is still here. */
async function layoutOf({ model, suite, template }: ResultEntry): Promise<ProbeLayout | null> {
  const tokenizerSha256 = tokenizerOf(model);
  if (tokenizerSha256 === null) return null;
  const key = resultKey({ model: { sha256: model.sha256, tokenizerSha256 }, suite, template, recipe: [] });
  await layouts.read(key);
  if (!layouts.get(key) && modelOf(model.name) && offerOf(suite.name))
    await openQuestion({ model: model.name, suite: suite.name, template });
  return layouts.get(key) ?? null;
}

const stamp = () => new Date().toISOString().slice(0, 10);

/** Reads the answers of results one by one. */
async function* answersOf(rows: readonly LibraryRow[]): AsyncGenerator<{ row: LibraryRow; result: Result }> {
  for (const [at, row] of rows.entries()) {
    const result = await cache.read(row.entry.key);
    if (result) yield { row, result };
    tell(at + 1, rows.length);
    await yieldToPage();
  }
}

/** Saves results with all answers as a file that {@link importFile} reads. */
export const exportJson = () =>
  work('export', async () => {
    const items: ReturnType<typeof toItem>[] = [];
    let leftOut = 0;
    for await (const { row, result } of answersOf(chosenRows(get()))) {
      const layout = await layoutOf(result.entry);
      if (layout) items.push(toItem({ result, tags: row.tags }, layout));
      else leftOut++;
    }
    set({ leftOut });
    if (items.length > 0) saveFile(`lossy-results-${stamp()}.json`, writeFile(items, new Date()));
  });

/** Saves a table, a row for each result. */
export const exportCsv = () =>
  work('export', async () => saveFile(`lossy-results-${stamp()}.csv`, toCsv(tableOf(chosenRows(get()))), 'text/csv'));

/** Saves every answer as a Parquet file. */
export const exportParquet = () =>
  work('export', async () => {
    const all: Result[] = [];
    for await (const { result } of answersOf(chosenRows(get()))) all.push(result);
    const { parquetWriteBuffer } = await import('hyparquet-writer');
    const buffer = parquetWriteBuffer({ columnData: answerColumns(all) });
    saveFile(`lossy-answers-${stamp()}.parquet`, new Blob([buffer], { type: 'application/vnd.apache.parquet' }));
  });

async function layoutSize(key: string): Promise<number | null> {
  await layouts.read(key);
  return layouts.get(key)?.order.length ?? null;
}

/** Takes the results of a file, this lab's own or the command line's, among those here: of two of the same the one with more answers stays. */
export const importFile = (file: Blob) =>
  work('import', async () => {
    if (file.size > largestFile)
      throw new LabError(
        'bad-file',
        `The file has ${file.size} bytes; the largest that is read has ${largestFile}.`,
        'Export fewer results at a time.',
      );
    const { results: read, leftOut } = await readFile(await file.text(), layoutSize, tell);
    const counts = { added: 0, longer: 0, kept: 0 };
    for (const { result, tags: given } of read) {
      const { key, asked } = result.entry;
      const before = await cache.read(key);
      if (before && before.entry.asked >= asked) counts.kept++;
      else {
        await cache.write(result);
        await results.read(key);
        counts[before ? 'longer' : 'added']++;
      }
      for (const tag of given) await tags.add([key], tag);
    }
    await list();
    await look();
    set({ imported: { ...counts, leftOut } });
  });

/** Asks the browser to keep everything. */
export async function makeSafe(): Promise<void> {
  const isSafe = await keepSafe();
  set(({ space }) => ({ space: space && { ...space, isSafe } }));
}

/** Deletes all downloaded models; they come again when they are needed. */
export async function clearModels(): Promise<void> {
  endWorkers();
  set({ stayed: await clearKept() });
  await look();
}

export const closeError = () => set({ error: null });
