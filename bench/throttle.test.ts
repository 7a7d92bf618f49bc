import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NetworkLine, serveSlowly } from './throttle.ts';

test('what is sent at once waits behind each other, and an idle line saves nothing up', () => {
  const line = new NetworkLine(8000);
  expect(line.send(500, 10)).toBeCloseTo(10.5, 9);
  expect(line.send(500, 10)).toBeCloseTo(11, 9);
  expect(line.send(250, 10.5)).toBeCloseTo(11.25, 9);
  expect(line.send(1000, 20)).toBeCloseTo(21, 9);
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lossy-throttle-'));
  writeFileSync(join(folder, 'index.html'), '<p>hello</p>'.repeat(100));
  writeFileSync(join(folder, 'model.onnx'), new Uint8Array(40_000).fill(7));
});
afterAll(() => rmSync(folder, { recursive: true }));

const fast = { bits: 1e9, latency: 0 };

test.each([false, true])('files come whole, and what went over the line is counted (gzip: %s)', async (compressed) => {
  const { server, address, sent } = await serveSlowly(folder, fast, compressed);
  try {
    const page = await fetch(address);
    expect(await page.text()).toBe('<p>hello</p>'.repeat(100));
    expect(page.headers.get('Content-Type')).toBe('text/html');
    expect(page.headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp');
    const model = new Uint8Array(await (await fetch(`${address}model.onnx`)).arrayBuffer());
    expect(model.length).toBe(40_000);
    expect(model.every((byte) => byte === 7)).toBe(true);
    const [first, second] = sent;
    if (compressed) expect(first.bytes).toBeLessThan(300);
    else expect(first.bytes).toBe(1200);
    // Of no type that is known: it goes as it is.
    expect(second).toEqual({ path: '/model.onnx', bytes: 40_000 });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('what is not in the folder is not found', async () => {
  const { server, address, sent } = await serveSlowly(folder, fast, false);
  try {
    for (const path of ['nothing.js', '..%2f..%2fetc/passwd']) {
      const answer = await fetch(address + path);
      await answer.arrayBuffer();
      expect(answer.status).toBe(404);
    }
    expect(sent).toEqual([]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
