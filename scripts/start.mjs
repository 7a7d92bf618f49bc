// npm start [-- --port 4173 --host 127.0.0.1]: builds what is missing, serves the production build, tells where it is.
import { parseArgs } from 'node:util';
import { ensureBuild, ensurePackages, root, say } from './setup.mjs';

/** @returns {{ port: number | undefined, host: string | undefined }} */
function readOptions() {
  const { values } = parseArgs({ options: { port: { type: 'string' }, host: { type: 'string' } } });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65536)) {
    throw new Error(`--port ${values.port} is no port: give a number from 0 to 65535.`);
  }
  return { port, host: values.host };
}

try {
  const { port, host } = readOptions();
  ensurePackages();
  ensureBuild();
  const { preview } = await import('vite');
  // Vite goes on to the next free port if this one is used: the printed address is the true one.
  const server = await preview({ root, logLevel: 'warn', preview: { port, host } });
  const urls = server.resolvedUrls;
  const [address] = [...(urls?.local ?? []), ...(urls?.network ?? [])];
  console.log(`Lossy is ready: ${address} (Ctrl-C stops it)`);
  const stop = async () => {
    await server.close();
    process.exit(0);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
