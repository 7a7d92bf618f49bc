import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { markdownTable } from '../../cli/markdown.ts';
import { digits, median } from '../numbers.ts';
import { onPage } from '../site.ts';
import { definePart } from './part.ts';

const ways = ['all change', 'a tenth changes', 'all drawn as outlines'] as const;
export type DotsHow = (typeof ways)[number];

export const dotsSchema = z.object({
  dots: z.int(),
  relations: z.int(),
  runs: z.array(
    z.object({
      how: z.enum(ways),
      /** Milliseconds from one frame to the next, and those of it that the page's own thread painted. */
      frames: z.array(z.number()).min(1),
      painting: z.array(z.number()).min(1),
    }),
  ),
});
export type DotsData = z.output<typeof dotsSchema>;

/** The time that 19 of 20 frames do not exceed. */
const slow = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)];

export const dots = definePart({
  id: 'dots',
  title: 'The map: 50,000 dots, painted anew every frame',
  schema: dotsSchema,
  async measure({ quick }) {
    const temporary = mkdtempSync(join(tmpdir(), 'lossy-bench-'));
    try {
      const files = join(temporary, 'files');
      mkdirSync(files);
      const site = { files, folder: join(temporary, 'dist'), path: 'dots.html' };
      const { browser, value } = await onPage(site, async (page) => {
        await page.setViewportSize({ width: 1500, height: 1200 });
        return page.evaluate((time) => window.benchDots(50_000, 90, time), quick ? 1000 : 5000);
      });
      return { versions: { Chromium: browser }, data: value };
    } finally {
      rmSync(temporary, { recursive: true });
    }
  },
  render({ dots: count, relations, runs }) {
    const rows = runs.map(({ how, frames, painting }) => [
      how,
      `${digits(1000 / median(frames))}`,
      `${digits(median(frames))} ms`,
      `${digits(slow(frames))} ms`,
      `${digits(median(painting))} ms`,
    ]);
    return [
      `${count.toLocaleString('en-US')} dots in ${relations} canvases, all in sight, in a window without a GPU. Every frame gives dots another fate at random`,
      'and paints them in one task; the page itself spreads painting over frames, so that a task takes 6 ms.',
      '',
      markdownTable([['', 'frames/s', 'a frame', '95 % within', 'painting'], ...rows], [1, 2, 3, 4]),
    ].join('\n');
  },
});
