// node scripts/lab.mjs bench/gpu.ts build FOLDER: the page for a machine without Node. There, open gpu.html?job=... (page/gpu.ts).
// node scripts/lab.mjs bench/gpu.ts take RESULT.json MACHINE.json: enters what came back.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { enter } from './enter.ts';
import { gpu, layOutGpuFiles } from './parts/gpu.ts';
import { gpuSchema } from './parts/gpu-data.ts';
import { speedFiles } from './parts/speed.ts';
import type { Machine } from './results.ts';
import { buildSite } from './site.ts';

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
