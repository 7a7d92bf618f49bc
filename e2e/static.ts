import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { mimeTypes } from './mime.ts';

/**
 * A plain static host for the built folder: no header but the type, like most. Closing it is pulling the plug.
 *
 * @param change makes another text of a file's, by its path within the folder; null leaves it as it is
 */
export async function staticHost(change: (path: string, text: () => string) => string | null = () => null) {
  const server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://host');
    const inside = normalize(decodeURIComponent(pathname.endsWith('/') ? `${pathname}index.html` : pathname));
    const path = join('dist', inside);
    if (!existsSync(path) || !statSync(path).isFile()) return response.writeHead(404).end();
    const changed = change(inside.slice(1), () => readFileSync(path, 'utf8'));
    const body = changed === null ? readFileSync(path) : Buffer.from(changed);
    response.writeHead(200, {
      'Content-Type': mimeTypes[extname(path)] ?? 'application/octet-stream',
      'Content-Length': body.length,
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
