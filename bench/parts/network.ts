import { join } from 'node:path';
import { z } from 'zod';
import { markdownTable } from '../../cli/markdown.ts';
import { ensureBuild, root } from '../../scripts/setup.mjs';
import { inBrowser } from '../browser.ts';
import { digits, durations, median } from '../numbers.ts';
import { type Sent, serveSlowly } from '../throttle.ts';
import { definePart } from './part.ts';

const speed = { bits: 10e6, latency: 0.04 };

const visit = z.object({
  /** Seconds since the page was asked for. */
  firstPaint: z.number(),
  firstNumber: z.number(),
  firstCurve: z.number(),
  /** Bytes that had gone over the line by the first curve. */
  bytes: z.object({ page: z.number(), runtime: z.number(), model: z.number(), suite: z.number() }),
});
const schema = z.object({
  megabits: z.number(),
  milliseconds: z.number(),
  hosts: z.array(z.object({ name: z.string(), visits: z.array(visit).min(1) })),
});
type Visit = z.output<typeof visit>;

/** What a file is for. */
function kindOf({ path }: Sent): keyof Visit['bytes'] {
  if (path.startsWith('/models/')) return 'model';
  if (path.startsWith('/suites/')) return 'suite';
  return path.includes('ort-wasm') ? 'runtime' : 'page';
}

/** A first visit: nothing is kept from another one. */
async function visitOnce(folder: string, compressed: boolean): Promise<Visit> {
  const { server, address, sent } = await serveSlowly(folder, speed, compressed);
  try {
    return await inBrowser(async (browser) => {
      const page = await browser.newPage();
      await page.goto(address, { waitUntil: 'commit' });
      // The uncompressed model's sample is the first number; that of the level that is looked at makes it a curve.
      await page.waitForFunction(() => performance.getEntriesByName('lossy:piece').length >= 2, undefined, {
        timeout: 300_000,
      });
      const bytes = { page: 0, runtime: 0, model: 0, suite: 0 };
      for (const file of sent) bytes[kindOf(file)] += file.bytes;
      const startsOf = (name: string) =>
        page.evaluate((wanted) => performance.getEntriesByName(wanted).map((entry) => entry.startTime / 1000), name);
      const [firstPaint] = await startsOf('first-contentful-paint');
      const [firstNumber, firstCurve] = await startsOf('lossy:piece');
      return { firstPaint, firstNumber, firstCurve, bytes };
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

export const network = definePart({
  id: 'network',
  title: 'A first visit over a slow line',
  schema,
  async measure({ rounds }) {
    ensureBuild();
    const hosts = [
      { name: 'files as they are (`npm start`)', compressed: false, visits: [] as Visit[] },
      { name: 'gzip, as static hosts send them', compressed: true, visits: [] as Visit[] },
    ];
    for (let round = 0; round < rounds; round++)
      for (const { compressed, visits } of hosts) visits.push(await visitOnce(join(root, 'dist'), compressed));
    const chromium = await inBrowser(async (browser) => browser.version());
    return {
      versions: { Chromium: chromium },
      data: {
        megabits: speed.bits / 1e6,
        milliseconds: speed.latency * 1000,
        hosts: hosts.map(({ name, visits }) => ({ name, visits })),
      },
    };
  },
  render({ megabits, milliseconds, hosts }) {
    const times = hosts.map(({ name, visits }) => [
      name,
      ...(['firstPaint', 'firstNumber', 'firstCurve'] as const).map((what) => durations(visits.map((v) => v[what]))),
    ]);
    const kinds = ['page', 'runtime', 'model', 'suite'] as const;
    const sizes = hosts.map(({ name, visits }) => {
      const ofKinds = kinds.map((kind) => median(visits.map(({ bytes }) => bytes[kind])));
      const total = ofKinds.reduce((sum, bytes) => sum + bytes, 0);
      return [name, ...ofKinds, total].map((cell) => (typeof cell === 'number' ? digits(cell / 1e6) : cell));
    });
    const seconds = (visits: readonly Visit[]) => {
      const bytes = kinds.reduce((sum, kind) => sum + visits[0].bytes[kind], 0);
      return digits((8 * bytes) / (megabits * 1e6));
    };
    return [
      `The production build over ${megabits} Mbit/s, ${milliseconds} ms a round trip, with nothing kept from before, from the`,
      'moment that the page is asked for:',
      '',
      markdownTable([['', 'first paint', 'first number', 'first curve'], ...times], [1, 2, 3]),
      '',
      'Megabytes that went over the line by the first curve:',
      '',
      markdownTable([['', 'page', 'runtime', 'model', 'suite', 'together'], ...sizes], [1, 2, 3, 4, 5]),
      '',
      `The line alone needs ${hosts.map(({ visits }) => `${seconds(visits)} s`).join(' and ')} for them.`,
    ].join('\n');
  },
});
