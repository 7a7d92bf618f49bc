import type { Site } from '../model/site.ts';
import { type GraphProto, TensorProto_DataType as Type } from '../onnx/gen/onnx_pb.ts';
import { GraphIndex } from '../onnx/graph.ts';
import { type ModelProto, makeNode } from '../onnx/onnx.ts';
import { int64Tensor } from '../onnx/tensors.ts';
import type { Graph } from './engine.ts';
import { addReduction, finishInputs, graphOf, layerOf, openGraph, type ParametricGraph, valueInfo } from './surgery.ts';

/** The outputs with what entered a site, over all tokens of the batch. */
export interface ActivationOutputs {
  /** int64 [2]: how many tokens there were, and how many features each has. */
  tokens: string;
  /** float32 [columns]: Σ x, Σ |x|, Σ x² and max |x| of each feature. */
  sum: string;
  absSum: string;
  energy: string;
  absMax: string;
  /** float32 [columns, columns]: Σ x xᵀ; null where it was not asked for. */
  gram: string | null;
}

/** A graph that measures what enters the weight sites. */
export interface ActivationGraph extends Graph {
  inputs: string[];
  /** By site name. Sites that read the same tensor (query, key and value) have the same object. */
  outputs: Map<string, ActivationOutputs>;
}

/**
 * Rewrites a model's graph so that sums over the tokens of the batch come out for the input of each site, which is what
 * activation-aware methods look at. Only sums: activations themselves never leave the graph.
 *
 * @param withGram whether Σ x xᵀ comes out, too
 * @param weights of a probe graph of the same model: shared instead of read again
 * @throws LabError `bad-model` for operator sets below 13
 */
export function buildActivationGraph(
  model: ModelProto & { graph: GraphProto },
  sites: readonly Site[],
  { withGram = false, weights: known }: { withGram?: boolean; weights?: ReadonlyMap<string, Float32Array> } = {},
): ActivationGraph {
  const open = openGraph(model, sites, known);
  const { graph, otherTypes } = open;
  const index = new GraphIndex(graph);
  const outputs = new Map<string, ActivationOutputs>();
  const made = new Map<string, ActivationOutputs>();
  graph.output = [];
  for (const site of sites) {
    const source = layerOf(index, site).input[0];
    const columns = site.shape[1];
    const measured = made.get(source) ?? sumUp(open, source, columns, otherTypes.has(site.name), withGram);
    made.set(source, measured);
    outputs.set(site.name, measured);
  }

  const inputs = finishInputs(graph);
  return { ...graphOf(model, open), inputs, outputs };
}

/** Adds what sums up a tensor [batch, length, columns] over its tokens, and makes the sums outputs of the graph. */
function sumUp(
  open: ParametricGraph,
  source: string,
  columns: number,
  isOtherType: boolean,
  withGram: boolean,
): ActivationOutputs {
  const { graph } = open;
  const part = (name: string) => `${source}/lossy_${name}`;
  const add = (op: string, input: string[], name: string, attributes: Record<string, number | number[]> = {}) => {
    graph.node.push(makeNode(op, part(name), input, [part(name)], attributes));
    return part(name);
  };
  const out = (name: string, dims: number[], type: number = Type.FLOAT) => {
    graph.output.push(valueInfo(name, type, dims));
    return name;
  };
  const overTokens = (op: string, input: string, name: string) => {
    graph.node.push(addReduction(open, op, input, part(name), [0], false));
    return out(part(name), [columns]);
  };
  graph.initializer.push(int64Tensor(part('tokens_shape'), [2], [-1, columns]));
  const whole = isOtherType ? add('Cast', [source], 'float', { to: Type.FLOAT }) : source;
  const tokens = add('Reshape', [whole, part('tokens_shape')], 'tokens');
  const size = add('Abs', [tokens], 'size');
  const gram = () => {
    const turned = add('Transpose', [tokens], 'turned', { perm: [1, 0] });
    return out(add('MatMul', [turned, tokens], 'gram'), [columns, columns]);
  };
  return {
    tokens: out(add('Shape', [tokens], 'count'), [2], Type.INT64),
    sum: overTokens('ReduceSum', tokens, 'sum'),
    absSum: overTokens('ReduceSum', size, 'abs_sum'),
    energy: overTokens('ReduceSumSquare', tokens, 'energy'),
    absMax: overTokens('ReduceMax', size, 'abs_max'),
    gram: withGram ? gram() : null,
  };
}
