/** The folder of the browser's private file system that downloaded models lie in. */
export const filesFolder = 'files';

async function folder(): Promise<FileSystemDirectoryHandle | null> {
  try {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle(filesFolder);
  } catch {
    // No file system, a blocked one, or nothing was ever kept.
    return null;
  }
}

/** Bytes of all downloaded files; 0 where none is kept. */
export async function keptBytes(): Promise<number> {
  let bytes = 0;
  const files = await folder();
  if (files)
    for await (const handle of files.values())
      if (handle.kind === 'file') bytes += (await (handle as FileSystemFileHandle).getFile()).size;
  return bytes;
}

/** Deletes all downloaded files; they are downloaded again when they are needed. @returns how many are in use and stayed */
export async function clearKept(): Promise<number> {
  let stayed = 0;
  const files = await folder();
  if (!files) return stayed;
  const names: string[] = [];
  for await (const { name } of files.values()) names.push(name);
  for (const name of names)
    await files.removeEntry(name).catch(() => {
      stayed++;
    });
  return stayed;
}
