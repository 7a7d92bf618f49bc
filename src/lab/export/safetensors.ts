import { methods } from '../compress/methods/index.ts';
import { sitesOf } from '../compress/scope.ts';
import { TensorProto_DataType as Type } from '../onnx/gen/onnx_pb.ts';
import { isFloat, readFloats } from '../onnx/tensors.ts';
import { encodeFloats, isExact } from './floats.ts';
import type { ExportFiles, ExportFormat, ExportJob } from './format.ts';
import { metadataOf } from './metadata.ts';
import { type SafeTensor, type SafetensorsType, writeSafetensors } from './safetensors-file.ts';

/** Safetensors' names of ONNX's types. */
const types: Readonly<Record<number, SafetensorsType>> = {
  [Type.FLOAT]: 'F32',
  [Type.FLOAT16]: 'F16',
  [Type.BFLOAT16]: 'BF16',
  [Type.DOUBLE]: 'F64',
};

/** All weights under plain names. */
export const safetensors: ExportFormat = {
  id: 'safetensors',
  label: 'Weights alone (safetensors)',
  help:
    'Every layer’s weights under the lab’s names, outputs by inputs as torch has them, the rest under the names of the ' +
    'file, and a mask for each pruned layer. For looking into and for other tools: no runtime runs it.',
  runs: false,
  write(job) {
    const tensors = new Map([...weightTensors(job), ...maskTensors(job)]);
    const shared = Object.fromEntries(
      job.model.sites.flatMap(({ name, initializer }) => (tensors.has(name) ? [] : [[name, initializer]])),
    );
    const metadata = { format: 'pt', ...metadataOf(job), 'lossy.shared': JSON.stringify(shared) };
    return new Map([['model.safetensors', writeSafetensors(tensors, metadata)]]);
  },
};

/** The masks of pruned layers in a file of their own, for formats without them. */
export function maskFile(job: ExportJob): ExportFiles {
  return new Map([['masks.safetensors', writeSafetensors(maskTensors(job), metadataOf(job))]]);
}

/**
 * Layers under their names, [outputs, inputs], in the file's type where that holds every value; all else that is no
 * single number under its own name. What a layer that nothing changed shares with the embedding stands there once,
 * under the embedding's name.
 */
function weightTensors({ model, applied }: ExportJob): Map<string, SafeTensor> {
  const made = new Map(applied.matrices.map(({ site, values }) => [site.name, values]));
  const ofSites = new Map(model.sites.map((site) => [site.initializer, site]));
  const tensors = new Map<string, SafeTensor>();
  const types = new Map(model.proto.graph.initializer.map(({ name = '', dataType = 0 }) => [name, dataType]));
  for (const { site, values } of model.weights) {
    const now = made.get(site.name) ?? values;
    if (now === values && site.tied) continue;
    const stored = types.get(site.initializer) ?? 0;
    tensors.set(site.name, floats(now, site.shape, isExact(now, stored) ? stored : Type.FLOAT));
  }
  for (const tensor of model.proto.graph.initializer) {
    const { name = '', dataType = 0 } = tensor;
    const site = ofSites.get(name);
    if (!isFloat(dataType) || tensor.dims.length === 0 || (site && !site.tied)) continue;
    tensors.set(name, floats(readFloats(tensor), tensor.dims.map(Number), dataType));
  }
  return tensors;
}

/** `<layer>.mask` for every layer that a step prunes: 0 where its weight is zero now, 1 where it is not. */
function maskTensors({ model, recipe, applied }: ExportJob): Map<string, SafeTensor> {
  const pruned = new Set(
    recipe
      .filter(({ method }) => methods[method].kind === 'prune')
      .flatMap(({ scope }) => sitesOf(scope, model.sites).map(({ name }) => name)),
  );
  return new Map(
    applied.matrices.flatMap(({ site, values }): [string, SafeTensor][] => {
      if (!pruned.has(site.name)) return [];
      const data = Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
      return [[`${site.name}.mask`, { dtype: 'BOOL', shape: site.shape, data }]];
    }),
  );
}

function floats(values: Float32Array, shape: readonly number[], dataType: number): SafeTensor {
  return { dtype: types[dataType], shape, data: encodeFloats(values, dataType) };
}
