import type { UserFile } from '../../../workers/api.ts';

/** Files from a file or folder input, each with its path in the chosen folder. */
export const fromInput = (files: Iterable<File>): UserFile[] =>
  [...files].filter(isVisible).map((file) => ({ path: file.webkitRelativePath || file.name, file }));

/** Files and folders that were dropped. The items are read at once: they are gone after the event. */
export async function fromDrop(items: Iterable<DataTransferItem>): Promise<UserFile[]> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return (await Promise.all(entries.map((entry) => filesOf(entry, '')))).flat();
}

/** What systems put beside files: `.DS_Store` and the like. */
const isVisible = ({ name }: { name: string }) => !name.startsWith('.');

async function filesOf(entry: FileSystemEntry, folder: string): Promise<UserFile[]> {
  if (!isVisible(entry)) return [];
  const path = folder + entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail));
    return [{ path, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: UserFile[] = [];
  // A reader gives a hundred entries at a time.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (some.length === 0) return found;
    for (const inside of some) found.push(...(await filesOf(inside, `${path}/`)));
  }
}
