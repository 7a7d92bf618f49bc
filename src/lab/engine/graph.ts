import { LabError } from '../errors.ts';
import type { Site } from '../model/site.ts';
import { type GraphProto, type NodeProto, TensorProto_DataType as Type } from '../onnx/gen/onnx_pb.ts';
import { GraphIndex } from '../onnx/graph.ts';
import { intsAttribute, type ModelProto, makeNode } from '../onnx/onnx.ts';
import { int64Tensor, readIntegers } from '../onnx/tensors.ts';
import type { Engine, Graph } from './engine.ts';
import { type Quantizers, quantizeActivations } from './quantize.ts';
import { addReduction, finishInputs, graphOf, openGraph, type ParametricGraph, valueInfo } from './surgery.ts';

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
  /** float32 [picks, vocabulary]: the one output of a graph whose logits the engine ranks. */
  logits: 'lossy_logits',
} as const;

/** How many of the highest words come out of each prediction, if not told otherwise; always where the engine ranks. */
export const rankedWords = 10;

/** A graph without its weights, and the uncompressed weights that belong to it by path. */
export interface ProbeGraph extends Graph {
  /** Path of each weight site's data: site name → path. */
  sitePaths: Map<string, string>;
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
  'Abs',
  'Clip',
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

export interface ProbeOptions {
  /** How many of the highest logits come out. */
  topK?: number;
  /** Who ranks the words: see {@link Engine.ranking}. */
  ranking?: Engine['ranking'];
  /** What is done to the inputs of some sites before they are multiplied, by site name. */
  quantizers?: Quantizers;
  /** Weights of a probe graph that was built of the same model: shared instead of read again. */
  weights?: ReadonlyMap<string, Float32Array>;
}

/**
 * Rewrites a language model's graph for probing.
 *
 * 1. Weights leave the graph as float32 data, one path each: those that levels change as inputs, the others as external
 *    data. The decoder is untied from the word embedding, which stays dense when the head
 *    is pruned (paper section 4.4).
 * 2. Only the rows where predictions are read go through everything that treats tokens one by one: the head, and in
 *    most graphs the last block's feed-forward layers.
 * 3. The logits stay inside: the k highest, the right words' and two sums come out; or the engine makes these of the
 *    logits, where they are.
 * 4. Where a recipe quantizes activations, layers are given rounded inputs (see {@link quantizeActivations}).
 *
 * @param model a parsed model whose first output is the logits [batch, length, vocabulary]
 * @param sites what {@link findSites} found in it
 * @throws LabError `bad-model` for operator sets below 13
 */
export function buildProbeGraph(
  model: ModelProto & { graph: GraphProto },
  sites: readonly Site[],
  { topK = rankedWords, quantizers, weights: known, ranking = 'graph' }: ProbeOptions = {},
): ProbeGraph {
  const open = openGraph(model, sites, known);
  const { graph, sitePaths } = open;
  const logits = model.graph.output[0].name ?? '';
  if (quantizers) quantizeActivations(open, sites, quantizers);
  pickRows(graph, logits);
  flatten(open, logits);
  if (ranking === 'graph') rankInGraph(open, topK);
  const inputs = finishInputs(graph);
  graph.input.push(valueInfo(probeIo.position, Type.INT64, ['picks']));
  if (ranking === 'graph') graph.input.push(valueInfo(probeIo.gold, Type.INT64, ['picks', 'golds']));
  return { ...graphOf(model, open), sitePaths, inputs, topK };
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
  // Over the last axis is the only reduction that a token can make by itself.
  if (op === 'ReduceMean' || op === 'ReduceMax') return axesOf(node, index)?.join() === '-1';
  return tokenwise.has(op);
}

/** The axes of a reduction: an attribute in older operator sets, a constant input in newer ones. */
function axesOf(node: NodeProto, index: GraphIndex): number[] | undefined {
  const constant = node.input[1] ? index.constant(node.input[1]) : null;
  return constant ? readIntegers(constant.tensor) : intsAttribute(node, 'axes');
}

/** Makes the logits [picks, 1, vocabulary], as [picks, vocabulary], the graph's output. */
function flatten({ graph }: ParametricGraph, logits: string): void {
  graph.initializer.push(int64Tensor('lossy_flat_shape', [2], [0, -1]));
  graph.node.push(makeNode('Reshape', `lossy/${probeIo.logits}`, [logits, 'lossy_flat_shape'], [probeIo.logits]));
  graph.output = [valueInfo(probeIo.logits, Type.FLOAT, ['picks', 'words'])];
}

/** Adds what turns the flat logits into ranks, and makes that the graph's outputs. */
function rankInGraph(open: ParametricGraph, topK: number): void {
  const { graph } = open;
  const add = (op: string, input: string[], output: string[], attributes: Record<string, number | number[]> = {}) =>
    graph.node.push(makeNode(op, `lossy/${output[0]}`, input, output, attributes));
  const reduce = (op: string, input: string, output: string) =>
    graph.node.push(addReduction(open, op, input, output, [-1], true));
  graph.initializer.push(int64Tensor('lossy_k', [1], [topK]), int64Tensor('lossy_one', [1], [1]));
  add('TopK', [probeIo.logits, 'lossy_k'], [probeIo.topValues, probeIo.topIds], { axis: -1 });
  add('GatherElements', [probeIo.logits, probeIo.gold], [probeIo.goldLogits], { axis: 1 });
  add('TopK', [probeIo.goldLogits, 'lossy_one'], ['lossy_best', 'lossy_best_at'], { axis: -1 });
  add('Less', [probeIo.logits, 'lossy_best'], ['lossy_below']);
  // NaN is below nothing, so a broken model ranks last instead of first.
  add('Not', ['lossy_below'], ['lossy_not_below']);
  add('Cast', ['lossy_not_below'], ['lossy_counted'], { to: Type.FLOAT });
  reduce('ReduceSum', 'lossy_counted', probeIo.atLeast);
  reduce('ReduceLogSumExp', probeIo.logits, probeIo.logSumExp);
  graph.output = [
    valueInfo(probeIo.topValues, Type.FLOAT, ['picks', topK]),
    valueInfo(probeIo.topIds, Type.INT64, ['picks', topK]),
    valueInfo(probeIo.goldLogits, Type.FLOAT, ['picks', 'golds']),
    valueInfo(probeIo.atLeast, Type.FLOAT, ['picks', 1]),
    valueInfo(probeIo.logSumExp, Type.FLOAT, ['picks', 1]),
  ];
}
