/** Hands the visitor a file that was made here. */
export function saveFile(name: string, content: Blob | string | Uint8Array<ArrayBuffer>, type = 'text/plain'): void {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** A name that every file system takes. */
export const fileName = (title: string, ending: string) =>
  `lossy-${title
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 80)}.${ending}`;
