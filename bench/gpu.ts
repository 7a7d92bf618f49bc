// node scripts/lab.mjs bench/gpu.ts build FOLDER: the page for a machine without Node. There, open gpu.html?job=... (page/gpu.ts).
// node scripts/lab.mjs bench/gpu.ts take RESULT.json MACHINE.json: enters what came back.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from '../scripts/setup.mjs';
import { enter } from './enter.ts';
import type { GpuJob } from './page/gpu.ts';
import { type GpuData, gpu, gpuSchema, layOutGpuFiles } from './parts/gpu.ts';
import type { Measured } from './parts/part.ts';
import { speedFiles } from './parts/speed.ts';
import type { Machine } from './results.ts';
import { buildSite, onPage } from './site.ts';

/** Measures in Chromium on this machine's GPU. */
export async function measureOnGpu(folder: string, job: GpuJob): Promise<Measured<GpuData>> {
  const site = { files: speedFiles, folder, path: 'gpu.html' };
  const { value } = await onPage(site, (page) => page.evaluate((job) => window.benchGpu(job), job), { gpu: true });
  return value;
}

if (resolve(process.argv[1]) === join(root, 'bench/gpu.ts')) {
  const [command, file, machine] = process.argv.slice(2);
  if (command === 'build') {
    layOutGpuFiles();
    await buildSite(speedFiles, resolve(file));
  } else if (command === 'take') {
    const { versions, data, seconds, rounds } = JSON.parse(readFileSync(file, 'utf8'));
    enter(gpu.id, {
      date: new Date().toISOString(),
      machine: JSON.parse(readFileSync(machine, 'utf8')) as Machine,
      versions,
      quick: false,
      rounds,
      seconds,
      data: gpuSchema.parse(data),
    });
  } else throw new Error('build FOLDER, or take RESULT.json MACHINE.json');
}
