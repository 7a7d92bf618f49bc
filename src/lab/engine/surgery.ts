// What the lab does to every graph, whatever it is rewritten for: weights out of it, dead parts away, bytes again.
import { create } from '@bufbuild/protobuf';
import { LabError } from '../errors.ts';
import type { Site } from '../model/site.ts';
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
} from '../onnx/gen/onnx_pb.ts';
import { GraphIndex } from '../onnx/graph.ts';
import { intAttribute, type ModelProto, makeNode, writeOnnx } from '../onnx/onnx.ts';
import { externalTensor, int64Tensor, isFloat, readFloats, transpose } from '../onnx/tensors.ts';
import type { Graph } from './engine.ts';

/** Weights below this many elements stay in the skeleton: not worth a path of their own. */
const smallest = 256;

/** A copy of a model's graph whose large weights are external float32 data. */
export interface ParametricGraph {
  graph: GraphProto;
  opset: number;
  /** Site name → path of its weights. */
  sitePaths: Map<string, string>;
  /** float32 values by path, laid out as the graph wants them. */
  weights: Map<string, Float32Array>;
  /** Site name → the type that its layer computes in, where that is not float32. */
  otherTypes: Map<string, number>;
}

/**
 * Copies a model's graph, and takes its large weights out of it.
 *
 * @param known weights that were read before, by path: taken as they are instead of being read again
 * @throws LabError `bad-model` for operator sets below 13
 */
export function openGraph(
  model: ModelProto & { graph: GraphProto },
  sites: readonly Site[],
  known?: ReadonlyMap<string, Float32Array>,
): ParametricGraph {
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
  return { graph, opset, ...externaliseWeights(graph, sites, known) };
}

/** Drops what no output needs, and says which of the model's own inputs are left. */
export function finishInputs(graph: GraphProto): string[] {
  removeDead(graph);
  return graph.input.map((input) => input.name ?? '');
}

/**
 * What the engine gets: the graph's bytes, and the weights that it still reads (whatever else was handed over would only
 * take memory). The sites' weights become inputs, so that another level is a matter of what is fed.
 */
export function graphOf(model: ModelProto, { graph, sitePaths, weights }: ParametricGraph): Graph {
  const sites = new Set(sitePaths.values());
  const isSite = ({ name = '' }: TensorProto) => sites.has(name);
  const read = graph.initializer.filter(({ name = '' }) => weights.has(name));
  const matrices = new Map(read.filter(isSite).map(({ name = '', dims }) => [name, dims.map(Number)]));
  const asInputs = create(GraphProtoSchema, {
    ...graph,
    input: [...graph.input, ...[...matrices].map(([path, dims]) => valueInfo(path, Type.FLOAT, dims))],
    initializer: graph.initializer.filter((tensor) => !isSite(tensor)),
  });
  return {
    skeleton: writeOnnx(
      create(ModelProtoSchema, { ...model, graph: asInputs, metadataProps: [] }),
    ) as Graph['skeleton'],
    weights: new Map(read.map(({ name = '' }) => [name, weights.get(name)!])),
    matrices,
  };
}

/** Replaces the sites' operands and the other large float weights by external float32 tensors. */
function externaliseWeights(
  graph: GraphProto,
  sites: readonly Site[],
  known: ReadonlyMap<string, Float32Array> = new Map(),
): Omit<ParametricGraph, 'graph' | 'opset'> {
  const weights = new Map<string, Float32Array>();
  const sitePaths = new Map<string, string>();
  const otherTypes = new Map<string, number>();
  const added: TensorProto[] = [];
  const casts: NodeProto[] = [];
  const index = new GraphIndex(graph);

  for (const site of sites) {
    const node = layerOf(index, site);
    const tensor = index.initializers.get(site.initializer);
    if (!tensor) throw new LabError('internal', `The site ${site.name} has no weights in the graph.`);
    const [rows, columns] = site.shape;
    const path = `site/${site.name}`;
    weights.set(path, known.get(path) ?? operandOf(site, tensor));
    sitePaths.set(site.name, path);
    const source = index.constant(node.input[site.input]);
    added.push(externalTensor(path, [columns, rows], path));
    // The operand is [inputs, outputs] now, whatever the file had.
    node.attribute = node.attribute.filter((attribute) => attribute.name !== 'transB');
    if (tensor.dataType !== Type.FLOAT && !source?.cast) {
      otherTypes.set(site.name, tensor.dataType ?? 0);
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
    weights.set(name, known.get(name) ?? readFloats(tensor));
    added.push(externalTensor(name, tensor.dims.map(Number), name));
    kept.delete(tensor);
    if (asIs) continue;
    for (const cast of upcasts) cast.opType = 'Identity';
    for (const cast of upcasts) cast.attribute = [] as AttributeProto[];
  }
  graph.initializer = [...kept, ...added];
  graph.node = [...casts, ...graph.node];
  return { sitePaths, weights, otherTypes };
}

/** A site's weights as the graph multiplies by them: [inputs, outputs]. */
function operandOf({ shape: [rows, columns], transposed }: Site, tensor: TensorProto): Float32Array {
  const stored = readFloats(tensor);
  return transposed ? stored : transpose(stored, rows, columns);
}

/** The node that multiplies by a site's weights; what enters it is its first input. */
export function layerOf(index: GraphIndex, site: Site): NodeProto {
  const node = index.producer.get(site.node);
  if (node) return node;
  throw new LabError('internal', `The site ${site.name} is not in the graph.`);
}

/** Axes that a reduction runs over, as a tensor: since when an operator wants them so depends on the operator. */
const axesSince: Partial<Record<string, number>> = { ReduceSum: 13 };

/**
 * A reduction in the form that the graph's operator set has.
 *
 * @param keep whether the axes stay, with one entry
 */
export function addReduction(
  { graph, opset }: Pick<ParametricGraph, 'graph' | 'opset'>,
  opType: string,
  input: string,
  output: string,
  axes: readonly number[],
  keep: boolean,
): NodeProto {
  const keepdims = keep ? 1 : 0;
  if (opset < (axesSince[opType] ?? 18))
    return makeNode(opType, output, [input], [output], { axes: [...axes], keepdims });
  const name = `lossy_axes_${axes.join('_')}`;
  if (!graph.initializer.some((tensor) => tensor.name === name))
    graph.initializer.push(int64Tensor(name, [axes.length], [...axes]));
  return makeNode(opType, output, [input, name], [output], { keepdims });
}

export function valueInfo(name: string, elemType: number, dims: (string | number)[]): ValueInfoProto {
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
