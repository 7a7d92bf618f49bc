import type { Matrix } from '../compress/method.ts';
import type { Applied } from '../compress/recipe.ts';
import { startMatrix } from '../compress/size.ts';
import type { ExportJob } from '../export/format.ts';
import type { ModelInput } from '../family/model-input.ts';
import type { Model } from '../model/load.ts';
import type { SiteWeights } from '../model/site.ts';
import { findSites } from '../model/sites.ts';
import { type GraphProto, type ModelProto, makeNode, parseOnnx, writeOnnx } from '../onnx/onnx.ts';
import { readFloats, transpose } from '../onnx/tensors.ts';
import { tinyEncoder } from './graphs.ts';

type Proto = ModelProto & { graph: GraphProto };

/** A model for the tests of this folder: its head multiplies with the embedding, turned, as tied models' do. */
export function tiedEncoder(options: Parameters<typeof tinyEncoder>[0] = {}): Proto {
  const proto = tinyEncoder(options);
  const { graph } = proto;
  const head = graph.node.find(({ name }) => name === 'd')!;
  graph.node.unshift(makeNode('Transpose', 'turn', ['embedding'], ['embedding.turned'], { perm: [1, 0] }));
  head.input[1] = 'embedding.turned';
  graph.initializer = graph.initializer.filter(({ name }) => name !== 'd.w');
  return proto;
}

/** The layers of such a model, as the lab reads them. */
export function weightsOf({ graph }: Proto): SiteWeights[] {
  const tensors = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  return findSites(graph, { family: 'encoder', stack: 'encoder', hasLogits: true }).map((site) => {
    const stored = readFloats(tensors.get(site.initializer)!);
    const [rows, columns] = site.shape;
    return { site, values: site.transposed ? transpose(stored, columns, rows) : stored };
  });
}

/** What is exported where some layers of such a model were changed. */
export function jobOf(proto: Proto, change: (matrix: Matrix) => Matrix): ExportJob {
  const weights = weightsOf(proto);
  const matrices = weights.flatMap((entry) => {
    const changed = change(startMatrix(entry));
    return changed.values === entry.values ? [] : [changed];
  });
  const sites = weights.map(({ site }) => site);
  const graphs = new Map([['model.onnx', writeOnnx(proto)]]);
  return {
    files: { graphs, config: '{}', tokenizer: '{}', tokenizerConfig: '{}' },
    model: { family: 'encoder', sha256: 'abc', sites, weights, proto } as unknown as Model,
    recipe: [],
    applied: { matrices, report: { sites: [] } } as unknown as Applied,
  };
}

/** The only graph of an export. */
export function graphOf(files: ReadonlyMap<string, Uint8Array>): Proto {
  return parseOnnx(files.get('model.onnx')!);
}

/** One text of a model of one half, asked at each of its positions. */
export function fixtureRows(ids: readonly number[]): ModelInput[] {
  return ids.map((_, at) => ({ ids, target: null, picks: [{ at, gold: [0] }] }));
}
