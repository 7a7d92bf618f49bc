import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../errors.ts';
import { filesOfZip, mostEntries } from './files.ts';
import { importSuite } from './index.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const lines = '{"text": "two words"}\n'.repeat(50);

async function fault(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).kind).toBe('bad-suite');
    return (error as LabError).message;
  }
  throw new Error('the zip was accepted');
}

/** Changes the size that a zip of one file claims for it, in the directory at its end. */
function claim(zip: Uint8Array, size: number): Uint8Array {
  const copy = zip.slice();
  const view = new DataView(copy.buffer);
  const directory = view.getUint32(copy.length - 22 + 16, true);
  view.setUint32(directory + 24, size, true);
  return copy;
}

describe('filesOfZip', () => {
  it('gives the files in folders with their text, packed or stored', async () => {
    const zip = zipSync({ data: { 'a.jsonl': bytes(lines), 'b.jsonl': [bytes('é'), { level: 0 }] } });
    const files = filesOfZip('a.zip', zip);
    expect(files.map(({ path }) => path)).toEqual(['data/a.jsonl', 'data/b.jsonl']);
    expect(await Promise.all(files.map((file) => file.text()))).toEqual([lines, 'é']);
  });

  it('leaves out folders, hidden files and what macOS adds, and turns backslashes', () => {
    const names = ['data/', 'data/a.jsonl', 'data/.DS_Store', '.git/config', '__MACOSX/data/._a.jsonl', 'win\\b.jsonl'];
    const zip = zipSync(Object.fromEntries(names.map((name) => [name, bytes('')])));
    expect(filesOfZip('a.zip', zip).map(({ path }) => path)).toEqual(['data/a.jsonl', 'win/b.jsonl']);
  });

  it('can be imported', async () => {
    const files = filesOfZip('a.zip', zipSync({ 'lambada/test.jsonl': bytes(lines) }));
    expect((await importSuite(files, { name: 'a' })).tasks[0].items).toHaveLength(50);
  });

  it('refuses what is no zip, or only its beginning', async () => {
    const zip = zipSync({ 'a.jsonl': bytes(lines) });
    const message = 'a.zip cannot be unpacked: it is damaged, encrypted, or no zip.';
    for (const broken of [new Uint8Array(0), bytes(lines), zip.subarray(0, zip.length - 10)])
      expect(await fault(() => filesOfZip('a.zip', broken))).toBe(message);
  });

  it('refuses a file that is damaged inside', async () => {
    const zip = zipSync({ 'a.jsonl': bytes(lines) });
    // After 30 bytes of header and 7 of its name the packed text begins: with a kind of block that does not exist.
    const broken = zip.slice().fill(0x07, 37, 38);
    expect(await fault(() => filesOfZip('a.zip', broken)[0].text())).toContain('a.zip cannot be unpacked');
    const longer = claim(zip, lines.length + 1);
    expect(await fault(() => filesOfZip('a.zip', longer)[0].text())).toBe(
      'a.jsonl in a.zip is damaged: it is shorter than it should be.',
    );
  });

  it('refuses what is no text', async () => {
    const [file] = filesOfZip('a.zip', zipSync({ 'a.jsonl': Uint8Array.of(0xff, 0xfe, 0x41) }));
    expect(await fault(() => file.text())).toBe('a.jsonl in a.zip is no text in UTF-8.');
  });

  it('refuses to unpack more than any set of facts is, by what the zip claims', async () => {
    const zip = claim(zipSync({ 'a.jsonl': bytes(lines) }), 401 * 2 ** 20);
    expect(await fault(() => filesOfZip('bomb.zip', zip))).toBe('bomb.zip unpacks to more than 400 MB.');
  });

  it('unpacks no more than the zip claims', async () => {
    const zip = claim(zipSync({ 'a.jsonl': bytes(lines) }), 22);
    expect(await filesOfZip('bomb.zip', zip)[0].text()).toBe('{"text": "two words"}\n');
  });

  it('refuses more files than any set of facts has', async () => {
    const many = Object.fromEntries(Array.from({ length: mostEntries + 1 }, (_, at) => [`${at}`, new Uint8Array(0)]));
    expect(await fault(() => filesOfZip('many.zip', zipSync(many)))).toBe(
      `many.zip holds more than ${mostEntries} files.`,
    );
  });
});
