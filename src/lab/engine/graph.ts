import { create } from '@bufbuild/protobuf';
import { LabError } from '../errors.ts';
import {
  type AttributeProto,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  TensorProto_DataType as Type,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../model/gen/onnx_pb.ts';
import { GraphIndex } from '../model/graph.ts';
import { intAttribute, intsAttribute, type ModelProto, makeNode, writeOnnx } from '../model/onnx.ts';
import type { Site } from '../model/site.ts';
import { externalTensor, int64Tensor, isFloat, readFloats, transpose } from '../model/tensors.ts';

/** Names of what a probe graph takes and gives, beside the model's own inputs. */
export const probeIo = {
  /** int64 [picks]: where predictions are read, counted over the whole batch (row · length + column). */
  position: 'lossy_position',
  /** int64 [picks, golds]: the words that are right there; shorter lists are filled with their first word. */
  gold: 'lossy_gold',
  /** float32 [picks, k] and int64 [picks, k]: the highest logits there, falling, and their words. */
  topValues: 'lossy_top_values',
  topIds: 'lossy_top_ids',
  /** float32 [picks, golds]: the logits of the right words. */
  goldLogits: 'lossy_gold_logits',
  /** float32 [picks, 1]: how many words of the vocabulary have at least the best right word's logit. */
  atLeast: 'lossy_at_least',
  /** float32 [picks, 1]: log Σ exp(logit), by which logits become log-probabilities. */
  logSumExp: 'lossy_log_sum_exp',
} as const;

/** A graph without its weights, and the weights that belong to it by path. */
export interface ProbeGraph {
  /** ONNX bytes, a few hundred kB: every large weight is external data. */
  skeleton: Uint8Array<ArrayBuffer>;
  /** Path of each weight site's data: site name → path. */
  sitePaths: Map<string, string>;
  /** The uncompressed weights by path, float32, laid out as the graph wants them. */
  weights: Map<string, Float32Array>;
  /** The model's own inputs that have to be fed. */
  inputs: string[];
  topK: number;
}

/** Operators that treat each token by itself, so that rows may be picked before them instead of after. */
const tokenwise = new Set([
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Pow',
  'Sqrt',
  'Reciprocal',
  'Neg',
  'Erf',
  'Tanh',
  'Sigmoid',
  'Relu',
  'Gelu',
  'FastGelu',
  'QuickGelu',
  'BiasGelu',
  'Cast',
  'Identity',
  'Dropout',
  'LayerNormalization',
  'SkipLayerNormalization',
  'SimplifiedLayerNormalization',
]);

/** Weights below this many elements stay in the skeleton: not worth a path of their own. */
const smallest = 256;

/**
 * Rewrites a language model's graph for probing.
 *
 * 1. Weights leave the graph as float32 external data, one path each, so that a new compression level hands over only
 *    the matrices that changed. The decoder is untied from the word embedding (paper.md, 2.3: pruning the head leaves
 *    the embedding dense).
 * 2. Only the rows where predictions are read go through everything that treats tokens one by one: the head, and in
 *    most graphs the last block's feed-forward layers.
 * 3. The logits stay inside: the k highest, the right words' and two sums come out.
 *
 * @param model a parsed model whose first output is the logits [batch, length, vocabulary]
 * @param sites what {@link findSites} found in it
 * @param topK how many of the highest logits come out
 * @throws LabError `bad-model` for operator sets below 13
 */
export function buildProbeGraph(
  model: ModelProto & { graph: GraphProto },
  sites: readonly Site[],
  topK = 10,
): ProbeGraph {
  const { graph, opset, sitePaths, weights } = openGraph(model, sites);
  const logits = model.graph.output[0].name ?? '';
  pickRows(graph, logits);
  scoreInGraph(graph, logits, opset, topK);
  const inputs = finishInputs(graph);
  graph.input.push(valueInfo(probeIo.position, Type.INT64, ['picks']));
  graph.input.push(valueInfo(probeIo.gold, Type.INT64, ['picks', 'golds']));
  return { skeleton: skeletonOf(model, graph), sitePaths, weights: stillRead(graph, weights), inputs, topK };
}

/** A graph that measures what enters the weight sites. */
export interface ActivationGraph {
  skeleton: Uint8Array<ArrayBuffer>;
  weights: Map<string, Float32Array>;
  inputs: string[];
  /** Site name → output with the sum of squares of each of its input features over all tokens, [columns]. */
  outputs: Map<string, string>;
}

/**
 * Rewrites a model's graph so that each site's input energy comes out: Σ x² per feature over the tokens of the batch,
 * which is what activation-aware methods weigh matrices with.
 *
 * @throws LabError `bad-model` for operator sets below 13
 */
export function buildActivationGraph(
  model: ModelProto & { graph: GraphProto },
  sites: readonly Site[],
): ActivationGraph {
  const { graph, opset, weights } = openGraph(model, sites);
  const outputs = new Map<string, string>();
  const made = new Map<string, string>();
  graph.initializer.push(int64Tensor('lossy_first_axis', [1], [0]));
  graph.output = [];
  for (const site of sites) {
    const node = graph.node.find((candidate) => candidate.output[0] === site.node);
    const source = node?.input[0] ?? '';
    let energy = made.get(source);
    if (!energy) {
      energy = `${source}/lossy_energy`;
      made.set(source, energy);
      const shape = `${source}/lossy_tokens_shape`;
      graph.initializer.push(int64Tensor(shape, [2], [-1, site.shape[1]]));
      graph.node.push(makeNode('Reshape', `${source}/lossy_tokens`, [source, shape], [`${source}/lossy_tokens`]));
      const tokens = `${source}/lossy_tokens`;
      graph.node.push(
        opset >= 18
          ? makeNode('ReduceSumSquare', energy, [tokens, 'lossy_first_axis'], [energy], { keepdims: 0 })
          : makeNode('ReduceSumSquare', energy, [tokens], [energy], { axes: [0], keepdims: 0 }),
      );
      graph.output.push(valueInfo(energy, Type.FLOAT, [site.shape[1]]));
    }
    outputs.set(site.name, energy);
  }
  const inputs = finishInputs(graph);
  return { skeleton: skeletonOf(model, graph), weights: stillRead(graph, weights), inputs, outputs };
}

/** A copy of the model's graph whose large weights are external float32 data. */
function openGraph(model: ModelProto & { graph: GraphProto }, sites: readonly Site[]) {
  const opset = Number(model.opsetImport.find((entry) => (entry.domain ?? '') === '')?.version ?? 0);
  if (opset < 13)
    throw new LabError(
      'bad-model',
      `The model uses ONNX operator set ${opset}; the lab needs 13 or newer.`,
      'Export the model again with a newer exporter (opset 17, for example).',
    );
  const graph = create(GraphProtoSchema, {
    name: model.graph.name ?? 'probe',
    node: model.graph.node.map((node) => ({ ...node, input: [...node.input] })),
    input: model.graph.input.filter((input) => !model.graph.initializer.some((tensor) => tensor.name === input.name)),
    initializer: [...model.graph.initializer],
    output: model.graph.output,
  });
  return { graph, opset, ...externaliseWeights(graph, sites) };
}

/** Drops what no output needs, and says which of the model's own inputs are left. */
function finishInputs(graph: GraphProto): string[] {
  removeDead(graph);
  return graph.input.map((input) => input.name ?? '');
}

/** The weights that the graph still reads: whatever else was handed over would only take memory. */
function stillRead(graph: GraphProto, weights: ReadonlyMap<string, Float32Array>): Map<string, Float32Array> {
  const used = new Set(graph.initializer.map(({ name = '' }) => name));
  return new Map([...weights].filter(([path]) => used.has(path)));
}

function skeletonOf(model: ModelProto, graph: GraphProto): Uint8Array<ArrayBuffer> {
  return writeOnnx(create(ModelProtoSchema, { ...model, graph, metadataProps: [] })) as Uint8Array<ArrayBuffer>;
}

/** Replaces the sites' operands and the other large float weights by external float32 tensors. */
function externaliseWeights(graph: GraphProto, sites: readonly Site[]) {
  const weights = new Map<string, Float32Array>();
  const sitePaths = new Map<string, string>();
  const added: TensorProto[] = [];
  const casts: NodeProto[] = [];
  const index = new GraphIndex(graph);

  for (const site of sites) {
    const node = graph.node.find((candidate) => candidate.output[0] === site.node);
    const tensor = index.initializers.get(site.initializer);
    if (!node || !tensor) throw new LabError('internal', `The site ${site.name} is not in the graph.`);
    const [rows, columns] = site.shape;
    const path = `site/${site.name}`;
    const stored = readFloats(tensor);
    weights.set(path, site.transposed ? stored : transpose(stored, rows, columns));
    sitePaths.set(site.name, path);
    const source = index.constant(node.input[site.input]);
    added.push(externalTensor(path, [columns, rows], path));
    // The operand is [inputs, outputs] now, whatever the file had.
    node.attribute = node.attribute.filter((attribute) => attribute.name !== 'transB');
    if (tensor.dataType !== Type.FLOAT && !source?.cast) {
      casts.push(makeNode('Cast', `${path}/cast`, [path], [`${path}/cast`], { to: tensor.dataType ?? 0 }));
      node.input[site.input] = `${path}/cast`;
    } else node.input[site.input] = path;
  }

  // What else is stored small and cast up becomes float32 once, here, instead of at every session's start.
  const kept = new Set(graph.initializer);
  for (const tensor of graph.initializer) {
    const name = tensor.name ?? '';
    if (!isFloat(tensor.dataType) || tensor.dims.reduce((p, d) => p * Number(d), 1) < smallest) continue;
    const readers = index.readers(name);
    const upcasts = readers.filter((node) => node.opType === 'Cast' && intAttribute(node, 'to', 0) === Type.FLOAT);
    const asIs = tensor.dataType === Type.FLOAT && readers.length > 0;
    if (!asIs && (upcasts.length === 0 || upcasts.length !== readers.length)) continue;
    weights.set(name, readFloats(tensor));
    added.push(externalTensor(name, tensor.dims.map(Number), name));
    kept.delete(tensor);
    if (asIs) continue;
    for (const cast of upcasts) cast.opType = 'Identity';
    for (const cast of upcasts) cast.attribute = [] as AttributeProto[];
  }
  graph.initializer = [...kept, ...added];
  graph.node = [...casts, ...graph.node];
  return { sitePaths, weights };
}

/** Moves the choice of rows from the logits back to the last place where tokens still mix. */
function pickRows(graph: GraphProto, logits: string): void {
  const index = new GraphIndex(graph);
  const late = new Set<NodeProto>();
  for (const node of [...graph.node].reverse()) {
    const data = node.input.filter((input) => input !== '' && index.isData(input));
    if (data.length === 0 || !isTokenwise(node, index)) continue;
    const onlyLogits = node.output[0] === logits;
    const readers = node.output.flatMap((output) => index.readers(output));
    if (onlyLogits || (readers.length > 0 && readers.every((reader) => late.has(reader)))) late.add(node);
  }
  const picked = new Map<string, string>();
  const added: { node: NodeProto; before: number }[] = [];
  const pick = (tensor: string, before: number): string => {
    const known = picked.get(tensor);
    if (known) return known;
    // [batch, length, width] → [batch · length, 1, width] → [picks, 1, width]; a 0 in the shape copies that axis.
    const flat = `${tensor}/lossy_rows`;
    const result = `${tensor}/lossy_picked_row`;
    added.push({ node: makeNode('Reshape', flat, [tensor, 'lossy_rows_shape'], [flat]), before });
    added.push({ node: makeNode('Gather', result, [flat, probeIo.position], [result], { axis: 0 }), before });
    picked.set(tensor, result);
    return result;
  };
  graph.node.forEach((node, position) => {
    if (!late.has(node)) return;
    node.input = node.input.map((input) => {
      const producer = index.producer.get(input);
      const needed = input !== '' && index.isData(input) && !(producer && late.has(producer));
      return needed ? pick(input, position) : input;
    });
  });
  graph.initializer.push(int64Tensor('lossy_rows_shape', [3], [-1, 1, 0]));
  if (late.size === 0)
    throw new LabError(
      'bad-model',
      'The logits are not made by a linear layer.',
      'Export the model with its language-model head.',
    );
  graph.node = graph.node.flatMap((node, position) => [
    ...added.filter((entry) => entry.before === position).map((entry) => entry.node),
    node,
  ]);
}

function isTokenwise(node: NodeProto, index: GraphIndex): boolean {
  const op = node.opType ?? '';
  if (op === 'MatMul') return !index.isData(node.input[1]);
  // A mean over the last axis is the only reduction that a token can make by itself.
  if (op === 'ReduceMean') return intsAttribute(node, 'axes')?.join() === '-1';
  return tokenwise.has(op);
}

/** Adds what turns logits [picks, 1, vocabulary] into ranks, and makes that the graph's outputs. */
function scoreInGraph(graph: GraphProto, logits: string, opset: number, topK: number): void {
  const add = (op: string, input: string[], output: string[], attributes: Record<string, number | number[]> = {}) =>
    graph.node.push(makeNode(op, `lossy/${output[0]}`, input, output, attributes));
  const reduce = (op: string, since: number, input: string, output: string) =>
    opset >= since
      ? add(op, [input, 'lossy_last_axis'], [output], { keepdims: 1 })
      : add(op, [input], [output], { axes: [-1], keepdims: 1 });
  graph.initializer.push(
    int64Tensor('lossy_flat_shape', [2], [0, -1]),
    int64Tensor('lossy_k', [1], [topK]),
    int64Tensor('lossy_one', [1], [1]),
    int64Tensor('lossy_last_axis', [1], [-1]),
  );
  add('Reshape', [logits, 'lossy_flat_shape'], ['lossy_logits']);
  add('TopK', ['lossy_logits', 'lossy_k'], [probeIo.topValues, probeIo.topIds], { axis: -1 });
  add('GatherElements', ['lossy_logits', probeIo.gold], [probeIo.goldLogits], { axis: 1 });
  add('TopK', [probeIo.goldLogits, 'lossy_one'], ['lossy_best', 'lossy_best_at'], { axis: -1 });
  add('Less', ['lossy_logits', 'lossy_best'], ['lossy_below']);
  // NaN is below nothing, so a broken model ranks last instead of first.
  add('Not', ['lossy_below'], ['lossy_not_below']);
  add('Cast', ['lossy_not_below'], ['lossy_counted'], { to: Type.FLOAT });
  reduce('ReduceSum', 13, 'lossy_counted', probeIo.atLeast);
  reduce('ReduceLogSumExp', 18, 'lossy_logits', probeIo.logSumExp);
  graph.output = [
    valueInfo(probeIo.topValues, Type.FLOAT, ['picks', topK]),
    valueInfo(probeIo.topIds, Type.INT64, ['picks', topK]),
    valueInfo(probeIo.goldLogits, Type.FLOAT, ['picks', 'golds']),
    valueInfo(probeIo.atLeast, Type.FLOAT, ['picks', 1]),
    valueInfo(probeIo.logSumExp, Type.FLOAT, ['picks', 1]),
  ];
}

function valueInfo(name: string, elemType: number, dims: (string | number)[]): ValueInfoProto {
  const dim = dims.map((size) =>
    typeof size === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(size) } }
      : { value: { case: 'dimParam' as const, value: size } },
  );
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType, shape: { dim } } } },
  });
}

/** Drops nodes, initializers and inputs that no output needs any more. */
function removeDead(graph: GraphProto): void {
  const index = new GraphIndex(graph);
  const alive = new Set<string>();
  const nodes = new Set<NodeProto>();
  const todo = graph.output.map((output) => output.name ?? '');
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (alive.has(name)) continue;
    alive.add(name);
    const node = index.producer.get(name);
    if (!node) continue;
    nodes.add(node);
    todo.push(...node.input);
  }
  graph.node = graph.node.filter((node) => nodes.has(node));
  graph.initializer = graph.initializer.filter((tensor) => alive.has(tensor.name ?? ''));
  graph.input = graph.input.filter((input) => alive.has(input.name ?? ''));
}
