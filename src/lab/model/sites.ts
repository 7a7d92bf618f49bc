import type { NodeProto } from '../onnx/gen/onnx_pb.ts';
import { GraphIndex } from '../onnx/graph.ts';
import { type GraphProto, intAttribute } from '../onnx/onnx.ts';
import { isFloat, typeName } from '../onnx/tensors.ts';
import type { FamilyId, Site, SiteKind, SiteRole, Stack } from './site.ts';

/** Operators that move or scale values without mixing a linear layer's outputs: looked through from a site. */
const transparent = new Set([
  'Reshape',
  'Transpose',
  'Cast',
  'Identity',
  'Mul',
  'Div',
  'Add',
  'Unsqueeze',
  'Squeeze',
  // A matrix that makes query, key and value at once is split; rotary positions halve, turn and join; a past is joined
  // on; keys that several heads share are expanded.
  'Split',
  'Slice',
  'Neg',
  'Concat',
  'Expand',
]);
const activations = new Set([
  'Erf',
  'Gelu',
  'FastGelu',
  'BiasGelu',
  'QuickGelu',
  'Relu',
  'Tanh',
  'Sigmoid',
  'Elu',
  'Selu',
  'Silu',
  'Swish',
  'HardSwish',
  'Mish',
]);
/** Operators that are a whole attention step: query, key and value are their first three inputs. */
const fusedAttention = new Set(['Attention', 'MultiHeadAttention', 'GroupQueryAttention']);

const roles: Record<SiteKind, SiteRole> = {
  query: 'attention',
  key: 'attention',
  value: 'attention',
  'query-key-value': 'attention',
  'attention-output': 'attention',
  gate: 'feed-forward',
  intermediate: 'feed-forward',
  output: 'feed-forward',
  transform: 'head',
  decoder: 'head',
  unclassified: 'other',
};

const names: Record<SiteKind, string> = {
  query: 'attention.query',
  key: 'attention.key',
  value: 'attention.value',
  'query-key-value': 'attention.query-key-value',
  'attention-output': 'attention.output',
  gate: 'feed-forward.gate',
  intermediate: 'feed-forward.intermediate',
  output: 'feed-forward.output',
  transform: 'head.transform',
  decoder: 'head.decoder',
  unclassified: 'unclassified',
};

interface Linear {
  node: NodeProto;
  site: Omit<Site, 'name' | 'kind' | 'role' | 'layer' | 'family' | 'stack' | 'cross'>;
}

interface Finding {
  kind: SiteKind;
  layer: number | null;
  cross?: boolean;
  reason?: string;
}

/** What a graph is. */
export interface GraphRole {
  family: FamilyId;
  stack: Stack;
  /** Whether its first output is the logits; an encoder that feeds a decoder has none. */
  hasLogits: boolean;
}

/**
 * Finds the linear layers of a graph and says what each is for.
 *
 * Everything is read from how values flow, never from names: exporters call weights `onnx::MatMul_1234`. Query, key
 * and value are what enters the two products around a Softmax; the attention output is what reads their result; an
 * intermediate layer is followed by an activation and then the output layer, and where a second layer is multiplied with
 * the activated one, that one is the gate; the decoder makes the logits, the transform is the activated layer right
 * before it. Attention is cross-attention where key or value is made straight from an input of the graph (the
 * encoder's result). Whatever fits none of these is `unclassified`, with a reason.
 *
 * @returns the sites in the graph's order
 */
export function findSites(graph: GraphProto, { family, stack, hasLogits }: GraphRole): Site[] {
  const index = new GraphIndex(graph);
  const linears = findLinears(index);
  const findings = new Map<NodeProto, Finding>();
  const blocks = classifyAttention(index, linears, findings);
  if (hasLogits) classifyDecoder(index, linears, findings);
  classifyFeedForward(index, linears, findings, blocks);

  const used = new Map<string, number>();
  return [...linears.values()].map(({ node, site }) => {
    const {
      cross = false,
      kind,
      layer,
      reason,
    } = findings.get(node) ?? {
      kind: 'unclassified' as const,
      layer: null,
      reason: 'its place in the graph fits no known layer',
    };
    const part = cross ? names[kind].replace('attention', 'cross-attention') : names[kind];
    const base = layer === null ? part : `${stack}.${layer}.${part}`;
    const count = (used.get(base) ?? 0) + 1;
    used.set(base, count);
    return {
      name: count === 1 ? base : `${base}.${count}`,
      role: roles[kind],
      kind,
      family,
      stack,
      cross,
      layer,
      ...(reason !== undefined && { reason }),
      ...site,
    };
  });
}

/** Every multiplication of computed values by a constant matrix. */
function findLinears(index: GraphIndex): Map<NodeProto, Linear> {
  const linears = new Map<NodeProto, Linear>();
  for (const node of index.graph.node) {
    if (node.opType !== 'MatMul' && node.opType !== 'Gemm') continue;
    const source = index.constant(node.input[1]);
    if (!source || !index.isData(node.input[0])) continue;
    const dims = source.tensor.dims.map(Number);
    if (dims.length !== 2 || !isFloat(source.tensor.dataType)) continue;
    const gemmFlip = node.opType === 'Gemm' && intAttribute(node, 'transB', 0) === 1;
    // A MatMul's right operand is [inputs, outputs]; each Transpose (or transB) between it and the file turns it.
    const transposed = source.flipped === gemmFlip;
    const initializer = source.tensor.name ?? '';
    linears.set(node, {
      node,
      site: {
        shape: transposed ? [dims[1], dims[0]] : [dims[0], dims[1]],
        initializer,
        node: node.output[0],
        input: 1,
        transposed,
        dtype: typeName(source.tensor.dataType ?? 0),
        tied: feedsOthers(index, initializer, node),
      },
    });
  }
  return linears;
}

/** Whether an initializer reaches any node but this one, looking through Cast, Transpose and Identity. */
function feedsOthers(index: GraphIndex, initializer: string, node: NodeProto): boolean {
  return index
    .readers(initializer)
    .some((reader) =>
      ['Cast', 'Transpose', 'Identity'].includes(reader.opType ?? '')
        ? feedsOthers(index, reader.output[0], node)
        : reader !== node,
    );
}

/** From a tensor back to the linear layers that made it, through operators that only move or scale values. */
function linearsBehind(index: GraphIndex, linears: Map<NodeProto, Linear>, tensor: string): NodeProto[] {
  const node = index.producer.get(tensor);
  if (!node) return [];
  if (linears.has(node)) return [node];
  if (!transparent.has(node.opType ?? '')) return [];
  const inputs = node.input.filter((input) => input !== '' && index.isData(input));
  return inputs.flatMap((input) => linearsBehind(index, linears, input));
}

/** From a tensor on to the linear layers that read it next; `active` tells whether an activation lies between. */
function linearsAhead(
  index: GraphIndex,
  linears: Map<NodeProto, Linear>,
  tensor: string,
): { node: NodeProto; active: boolean }[] {
  const found = new Map<NodeProto, boolean>();
  const seen = new Map<NodeProto, boolean>();
  const walk = (name: string, active: boolean) => {
    for (const node of index.readers(name)) {
      if (linears.has(node)) {
        found.set(node, (found.get(node) ?? false) || active);
        continue;
      }
      const op = node.opType ?? '';
      if (op === 'MatMul' || op === 'Softmax' || op === 'Shape' || fusedAttention.has(op)) continue;
      const now = active || activations.has(op);
      if (seen.get(node) === true || seen.get(node) === now) continue;
      seen.set(node, now);
      for (const output of node.output) walk(output, now);
    }
  };
  walk(tensor, false);
  return [...found].map(([node, active]) => ({ node, active }));
}

/** An attention step: the tensors that its query, key and value are, and what it makes of them. */
interface Attention {
  position: number;
  operands: [kind: 'query' | 'key' | 'value', tensor: string][];
  result: string;
}

/** Marks query, key, value and attention output of every block; returns the self-attentions' positions in the graph. */
function classifyAttention(
  index: GraphIndex,
  linears: Map<NodeProto, Linear>,
  findings: Map<NodeProto, Finding>,
): number[] {
  const steps = findAttention(index);
  const positions: number[] = [];
  for (const { position, operands, result } of steps) {
    const behind = operands.map(([kind, tensor]) => ({ kind, nodes: linearsBehind(index, linears, tensor) }));
    const isCross = behind.some(({ kind, nodes }) => kind !== 'query' && nodes.some((node) => readsInput(index, node)));
    if (!isCross) positions.push(position);
    // A decoder's cross-attention follows the self-attention of the same block.
    const layer = Math.max(0, positions.length - 1);
    for (const { kind, nodes } of behind)
      for (const node of nodes) {
        const before = findings.get(node);
        if (!before) findings.set(node, { kind, layer, cross: isCross });
        else if (before.layer === layer && before.kind !== kind)
          findings.set(node, { kind: 'query-key-value', layer, cross: isCross });
        else if (before.layer !== layer)
          findings.set(node, { kind: 'unclassified', layer: null, reason: 'several blocks share it' });
      }
    for (const node of projectionAhead(index, linears, result))
      findings.set(node, { kind: 'attention-output', layer, cross: isCross });
  }
  return positions;
}

function findAttention(index: GraphIndex): Attention[] {
  const steps: Attention[] = [];
  for (const node of index.graph.node) {
    const op = node.opType ?? '';
    if (fusedAttention.has(op)) {
      const operands: Attention['operands'] = [
        ['query', node.input[0]],
        ['key', node.input[1]],
        ['value', node.input[2]],
      ];
      steps.push({ position: index.order.get(node) ?? 0, operands, result: node.output[0] });
    }
    if (op !== 'Softmax') continue;
    const scores = productBehind(index, node.input[0]);
    const context = productAhead(index, node.output[0]);
    if (!scores || !context) continue;
    const operands: Attention['operands'] = [
      ['query', scores.input[0]],
      ['key', scores.input[1]],
      ['value', context.input[1]],
    ];
    steps.push({ position: index.order.get(context) ?? 0, operands, result: context.output[0] });
  }
  return steps.sort((a, b) => a.position - b.position);
}

/** Whether a layer multiplies an input of the graph as it is. */
function readsInput(index: GraphIndex, node: NodeProto): boolean {
  let name = node.input[0];
  for (;;) {
    const producer = index.producer.get(name);
    if (!producer) return index.graph.input.some((input) => input.name === name);
    if (!['Cast', 'Identity', 'Reshape'].includes(producer.opType ?? '')) return false;
    name = producer.input[0];
  }
}

/** The product of two computed tensors that a Softmax normalises, past scaling and masking. */
function productBehind(index: GraphIndex, tensor: string): NodeProto | null {
  const node = index.producer.get(tensor);
  if (!node) return null;
  if (node.opType === 'MatMul') return index.isData(node.input[0]) && index.isData(node.input[1]) ? node : null;
  if (!['Add', 'Mul', 'Div', 'Where', 'Cast', 'Identity', 'Reshape', 'Clip', 'Tanh'].includes(node.opType ?? ''))
    return null;
  for (const input of node.input) {
    const found = index.isData(input) ? productBehind(index, input) : null;
    if (found) return found;
  }
  return null;
}

/** The product of the attention weights with the values, past Dropout, casts and guards against NaN. */
function productAhead(index: GraphIndex, tensor: string): NodeProto | null {
  for (const node of index.readers(tensor)) {
    if (node.opType === 'MatMul') return node;
    if (!['Cast', 'Identity', 'Dropout', 'Where', 'Reshape', 'Mul'].includes(node.opType ?? '')) continue;
    const found = productAhead(index, node.output[0]);
    if (found) return found;
  }
  return null;
}

/** The linear layers that read an attention result directly: only moves of axes may lie between. */
function projectionAhead(index: GraphIndex, linears: Map<NodeProto, Linear>, tensor: string): NodeProto[] {
  return index.readers(tensor).flatMap((node) => {
    if (linears.has(node)) return [node];
    const moves = ['Transpose', 'Reshape', 'Cast', 'Identity', 'Squeeze', 'Unsqueeze'].includes(node.opType ?? '');
    return moves ? projectionAhead(index, linears, node.output[0]) : [];
  });
}

/** Marks the layer whose output, up to a bias, is the model's first output. */
function classifyDecoder(index: GraphIndex, linears: Map<NodeProto, Linear>, findings: Map<NodeProto, Finding>): void {
  for (const node of linearsBehind(index, linears, index.graph.output[0].name ?? ''))
    if (!findings.has(node)) findings.set(node, { kind: 'decoder', layer: null });
}

/** Marks gate, intermediate, output and transform among the layers that are left. */
function classifyFeedForward(
  index: GraphIndex,
  linears: Map<NodeProto, Linear>,
  findings: Map<NodeProto, Finding>,
  blocks: number[],
): void {
  const left: NodeProto[] = [];
  for (const { node } of linears.values()) {
    if (findings.has(node)) continue;
    const position = index.order.get(node) ?? 0;
    const layer = blocks.filter((block) => block < position).length - 1;
    const next = linearsAhead(index, linears, node.output[0]).filter((reader) => reader.active);
    if (next.length !== 1) {
      left.push(node);
      continue;
    }
    const kind = findings.get(next[0].node)?.kind;
    if (kind === 'decoder') findings.set(node, { kind: 'transform', layer: null });
    else if (layer < 0)
      findings.set(node, { kind: 'unclassified', layer: null, reason: 'it stands before the first attention block' });
    else if (kind === undefined || kind === 'output') {
      findings.set(node, { kind: 'intermediate', layer });
      findings.set(next[0].node, { kind: 'output', layer });
    }
  }
  for (const node of left) {
    const next = linearsAhead(index, linears, node.output[0]);
    const [reader] = next;
    const found = next.length === 1 && !findings.has(node) ? findings.get(reader.node) : undefined;
    if (found?.kind !== 'output') continue;
    findings.set(node, { kind: 'intermediate', layer: found.layer });
    // The activated one is what it is multiplied with: the gate.
    for (const [other, finding] of findings)
      if (other !== node && finding.kind === 'intermediate' && finding.layer === found.layer)
        findings.set(other, { kind: 'gate', layer: found.layer });
  }
}
