// node scripts/lab.mjs bench/gpu.ts build FOLDER: the page for a machine without Node. There, open gpu.html?job=... (page/gpu.ts).
// node scripts/lab.mjs bench/gpu.ts take RESULT.json MACHINE.json: enters what came back.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { preview } from 'vite';
import { root } from '../scripts/setup.mjs';
import { inBrowser } from './browser.ts';
import type { GpuJob } from './page/gpu.ts';
import { type GpuData, gpu, gpuSchema, layOutGpuFiles } from './parts/gpu.ts';
import { parts } from './parts/index.ts';
import type { Measured } from './parts/part.ts';
import { speedFiles } from './parts/speed.ts';
import { renderResults } from './report.ts';
import { type Machine, readResults, writeResults } from './results.ts';
import { buildSite } from './site.ts';

/** Measures in Chromium on this machine's GPU. */
export async function measureOnGpu(folder: string, job: GpuJob): Promise<Measured<GpuData>> {
  const config = await buildSite(speedFiles, folder);
  const server = await preview(config);
  try {
    return await inBrowser(
      async (browser) => {
        const page = await browser.newPage();
        page.on('console', (message) => process.stderr.write(`${message.text()}\n`));
        await page.goto(`${server.resolvedUrls?.local[0]}gpu.html`);
        return page.evaluate((job) => window.benchGpu(job), job);
      },
      { gpu: true },
    );
  } finally {
    await server.close();
  }
}

if (resolve(process.argv[1]) === join(root, 'bench/gpu.ts')) {
  const [command, file, machine] = process.argv.slice(2);
  if (command === 'build') {
    layOutGpuFiles();
    await buildSite(speedFiles, resolve(file));
  } else if (command === 'take') {
    const { versions, data, seconds, rounds } = JSON.parse(readFileSync(file, 'utf8'));
    const store = join(root, 'bench/results.json');
    const results = readResults(store);
    results.parts[gpu.id] = {
      date: new Date().toISOString(),
      machine: JSON.parse(readFileSync(machine, 'utf8')) as Machine,
      versions,
      quick: false,
      rounds,
      seconds,
      data: gpuSchema.parse(data),
    };
    writeResults(store, results);
    writeFileSync(join(root, 'bench/RESULTS.md'), renderResults(parts, results));
  } else throw new Error('build FOLDER, or take RESULT.json MACHINE.json');
}
