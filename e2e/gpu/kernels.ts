// Runs in the page: what kernels make of weights on the GPU, beside what the lab makes of them itself.

import { applyRecipe, deviceSteps, parseRecipe } from '../../src/lab/compress/recipe.ts';
import { Kernels } from '../../src/lab/engine/gpu/kernels.ts';
import { Ranking } from '../../src/lab/engine/gpu/rank.ts';
import { GpuWeights } from '../../src/lab/engine/gpu/weights.ts';
import { probeIo } from '../../src/lab/engine/graph.ts';
import { transpose } from '../../src/lab/onnx/tensors.ts';
import { makeSite } from '../../src/lab/test/matrices.ts';

/** How many values differ in their bits, of how many; zeros are equal whatever their sign. */
export interface Difference {
  recipe: string;
  values: number;
  different: number;
  zeros: number;
}

async function openDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter!.limits;
  return adapter!.requestDevice({ requiredLimits: { maxStorageBufferBindingSize, maxBufferSize } });
}

/** Numbers from a seed, as float16 would hold them where `coarse`: many are equal then. */
function draw(count: number, seed: number, coarse: boolean): Float32Array {
  let state = seed * 2654435761 + 1;
  const next = () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    state ^= state >>> 13;
    return (state >>> 0) / 2 ** 32;
  };
  return Float32Array.from({ length: count }, () => {
    const value = Math.sqrt(-2 * Math.log(next() + 1e-12)) * Math.cos(2 * Math.PI * next()) * 0.05;
    return coarse ? Math.round(value * 512) / 512 : value;
  });
}

export async function compareWeights(
  recipes: readonly (readonly object[])[],
  shapes: readonly (readonly [rows: number, columns: number])[],
  coarse: boolean,
) {
  const device = await openDevice();
  const weights = shapes.map(([rows, columns], at) => ({
    site: makeSite(`site.${at}`, rows, columns),
    values: draw(rows * columns, at + 1, coarse),
  }));
  const sites = weights.map(({ site }) => site);
  const onGpu = new GpuWeights(
    new Kernels(device),
    new Map(weights.map(({ site, values }) => [site.name, transpose(values, site.shape[0], site.shape[1])])),
    new Map(sites.map(({ name, shape: [rows, columns] }) => [name, [columns, rows]])),
  );
  const found: Difference[] = [];
  for (const steps of recipes) {
    const recipe = parseRecipe(steps);
    const { matrices } = applyRecipe(weights, recipe);
    const work = deviceSteps(sites, recipe, new Map(sites.map(({ name }) => [name, name])));
    if (!work) throw new Error(`${JSON.stringify(steps)} cannot be done on a GPU`);
    onGpu.compress(work);
    let different = 0;
    let values = 0;
    let zeros = 0;
    for (const { site, values: own } of weights) {
      const [rows, columns] = site.shape;
      const made = transpose(await onGpu.read(site.name), columns, rows);
      const wanted = matrices.find((matrix) => matrix.site.name === site.name)?.values ?? own;
      values += wanted.length;
      for (let i = 0; i < wanted.length; i++) {
        if (made[i] !== wanted[i]) different++;
        if (made[i] === 0) zeros++;
      }
    }
    found.push({ recipe: JSON.stringify(steps), values, different, zeros });
  }
  onGpu.destroy();
  device.destroy();
  return found;
}

/** Ranks made-up logits, with ties and with what is not finite. */
export async function rankSome(logits: number[][], gold: number[][]) {
  const device = await openDevice();
  const words = logits[0].length;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size: 4 * words * logits.length, usage });
  device.queue.writeBuffer(buffer, 0, Float32Array.from(logits.flat()));
  const right = BigInt64Array.from(gold.flat(), BigInt);
  const outputs = await new Ranking(new Kernels(device)).rank(buffer, [logits.length, words], right);
  device.destroy();
  return Object.fromEntries(
    Object.entries(probeIo).flatMap(([name, key]) =>
      key in outputs ? [[name, Array.from(outputs[key], Number)]] : [],
    ),
  );
}

Object.assign(globalThis, { kernels: { compareWeights, rankSome } });
