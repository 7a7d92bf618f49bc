import type { ActivationQuantizer } from '../compress/method.ts';
import type { Site } from '../model/site.ts';
import { type NodeProto, TensorProto_DataType as Type } from '../onnx/gen/onnx_pb.ts';
import { GraphIndex } from '../onnx/graph.ts';
import { makeNode } from '../onnx/onnx.ts';
import { floatTensor, int64Tensor } from '../onnx/tensors.ts';
import { addReduction, layerOf, type ParametricGraph } from './surgery.ts';

/** What is done to the input of a site before it is multiplied, by site name. */
export type Quantizers = ReadonlyMap<string, ActivationQuantizer>;

/**
 * Adding and subtracting it rounds |x| < 2^22 half to even: at 2^23 the neighbours of a float32 are 1 apart. There is
 * no operator for it on WebGPU, and no pass of the runtime's optimizer takes the two apart.
 */
const rounder = 1.5 * 2 ** 23;

/** The smallest normal float32: what stands for a scale of 0, so that nothing is divided by it. */
const tiny = 2 ** -126;

/** torch's lower limit for the scale of activations. */
const smallestScale = 6.1e-5;

/**
 * Rounds what enters some sites, as a runtime would that multiplies integers: x becomes code · scale, in float32. With
 * weights on their own grid the product is then what integers would give, up to float32's rounding of the sum.
 *
 * Every step is a float32 operator that WebGPU has. Sites that read the same tensor in the same way share the nodes.
 *
 * `token`: each token by itself. x / s where columns are scaled, m = max |x| over the features that are no outliers,
 * scale = m / (2^(bits-1) - 1), x' = round(x / scale) · scale · s; outliers pass as they are (LLM.int8, SmoothQuant).
 *
 * `text-affine`: torch's dynamic quantization (at::native, quant_utils.h), one scale for each text, over all of its
 * tokens, as if it were alone in the batch: low ≤ 0 ≤ high, scale = (high - low) / top but at least 6.1e-5, zero =
 * round(-low / scale), code = round(x · (1 / scale) + zero) within 0 to 255, x' = (code - zero) · scale. torch computes
 * the scale in double: {@link exactScale}. `top` is 127 where the engine halves the range (fbgemm, x86, onednn) and 255
 * where it does not (qnnpack). Given the same x, codes are torch's but for ties: torch multiplies by the inverse and adds
 * the zero point in one step (fused), which two operators cannot, so that about one code in a million is its neighbour;
 * and where -low / scale is exactly a half, torch's double decides by its own noise.
 */
export function quantizeActivations(open: ParametricGraph, sites: readonly Site[], quantizers: Quantizers): void {
  const { graph, otherTypes } = open;
  const index = new GraphIndex(graph);
  const made = new Map<string, string>();
  /** New nodes by the layer that needs them first. */
  const before = new Map<NodeProto, NodeProto[]>();
  const layers = sites
    .flatMap((site) => {
      const quantizer = quantizers.get(site.name);
      return quantizer ? [{ site, quantizer, layer: layerOf(index, site) }] : [];
    })
    .sort((a, b) => index.order.get(a.layer)! - index.order.get(b.layer)!);
  for (const { site, quantizer, layer } of layers) {
    const [source] = layer.input;
    const type = otherTypes.get(site.name);
    const key = JSON.stringify([source, type, keyOf(quantizer)]);
    let rounded = made.get(key);
    if (rounded === undefined) {
      const maker = new Maker(open, `lossy_rounded_${made.size}`);
      const x = type === undefined ? source : maker.add('Cast', [source], { to: Type.FLOAT });
      const result =
        quantizer.kind === 'token'
          ? byToken(maker, x, quantizer, site.shape[1])
          : byText(maker, x, quantizer.top, site.shape[1]);
      rounded = type === undefined ? result : maker.add('Cast', [result], { to: type });
      made.set(key, rounded);
      before.set(layer, maker.nodes);
    }
    layer.input[0] = rounded;
  }
  graph.node = graph.node.flatMap((node) => [...(before.get(node) ?? []), node]);
}

/** The same for quantizers that do the same. */
function keyOf(quantizer: ActivationQuantizer): string {
  return JSON.stringify(quantizer, (_, value) =>
    ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value,
  );
}

/** Collects nodes, each with an output of its own. */
class Maker {
  readonly open: ParametricGraph;
  readonly nodes: NodeProto[] = [];
  readonly #prefix: string;

  constructor(open: ParametricGraph, prefix: string) {
    this.open = open;
    this.#prefix = prefix;
  }

  /** Adds a node, and gives its output's name. */
  add(opType: string, input: string[], attributes: Record<string, number | number[]> = {}): string {
    const name = this.#next();
    this.nodes.push(makeNode(opType, name, input, [name], attributes));
    return name;
  }

  /** A reduction whose axes stay. */
  reduce(opType: string, input: string, axes: readonly number[]): string {
    const name = this.#next();
    this.nodes.push(addReduction(this.open, opType, input, name, axes, true));
    return name;
  }

  /** Half to even, of |x| < 2^22. */
  round(input: string): string {
    const far = this.add('Add', [input, this.number(rounder)]);
    return this.add('Sub', [far, this.number(rounder)]);
  }

  atLeast(input: string, low: number): string {
    return this.add('Clip', [input, this.number(low)]);
  }

  /** A float32 number, made once for the whole graph. */
  number(value: number): string {
    return this.#constant(`lossy_number_${value}`, (name) => floatTensor(name, [], [value]));
  }

  integers(values: readonly number[]): string {
    return this.#constant(`lossy_integers_${values.join('_')}`, (name) =>
      int64Tensor(name, [values.length], [...values]),
    );
  }

  /** One float32 number a feature. */
  features(name: string, values: ArrayLike<number>): string {
    return this.#constant(`${this.#prefix}/${name}`, (full) => floatTensor(full, [values.length], values));
  }

  #next(): string {
    return `${this.#prefix}/${this.nodes.length}`;
  }

  #constant(name: string, make: (name: string) => ParametricGraph['graph']['initializer'][number]): string {
    const { initializer } = this.open.graph;
    if (!initializer.some((tensor) => tensor.name === name)) initializer.push(make(name));
    return name;
  }
}

/** Only operators that treat a token by itself: the probe graph can still pick its rows before them. */
function byToken(
  maker: Maker,
  x: string,
  { bits, columnScales, keptColumns }: Extract<ActivationQuantizer, { kind: 'token' }>,
  columns: number,
): string {
  const marks = keptColumns?.length ? marksOf(keptColumns, columns) : null;
  const outliers = marks && maker.features('outliers', marks);
  const others =
    marks &&
    maker.features(
      'others',
      marks.map((is) => 1 - is),
    );
  const factors = columnScales && maker.features('factors', columnScales);
  const scaled = factors ? maker.add('Div', [x, factors]) : x;
  const rest = others ? maker.add('Mul', [scaled, others]) : scaled;
  const most = maker.reduce('ReduceMax', maker.add('Abs', [rest]), [-1]);
  // A token of zeros stays one, whatever its scale.
  const scale = maker.atLeast(maker.add('Div', [most, maker.number(2 ** (bits - 1) - 1)]), tiny);
  const codes = maker.round(maker.add('Div', [rest, scale]));
  const unscaled = maker.add('Mul', [codes, scale]);
  const rounded = factors ? maker.add('Mul', [unscaled, factors]) : unscaled;
  return outliers ? maker.add('Add', [rounded, maker.add('Mul', [x, outliers])]) : rounded;
}

/** 1 for outliers, 0 for others. */
function marksOf(keptColumns: Uint32Array, columns: number): Float32Array {
  const marks = new Float32Array(columns);
  for (const column of keptColumns) marks[column] = 1;
  return marks;
}

function byText(maker: Maker, x: string, top: number, columns: number): string {
  // Some layers (Gemm) read all texts' tokens behind each other: [batch · length, columns].
  const { graph } = maker.open;
  const ids = graph.input.find(({ name }) => name === 'input_ids') ?? graph.input[0];
  const batch = maker.add('Gather', [maker.add('Shape', [ids.name ?? '']), maker.integers([0])], { axis: 0 });
  const shape = maker.add('Concat', [batch, maker.integers([-1, columns])], { axis: 0 });
  const texts = maker.add('Reshape', [x, shape]);
  const high = maker.atLeast(maker.reduce('ReduceMax', texts, [1, 2]), 0);
  const low = maker.add('Clip', [maker.reduce('ReduceMin', texts, [1, 2]), '', maker.number(0)]);
  const exact = exactScale(maker, low, high, top);
  const zero = maker.round(maker.add('Div', [maker.add('Neg', [low]), maker.atLeast(exact, tiny)]));
  const scale = maker.atLeast(exact, smallestScale);
  const inverse = maker.add('Div', [maker.number(1), scale]);
  const codes = maker.round(maker.add('Add', [maker.add('Mul', [texts, inverse]), zero]));
  const clipped = maker.add('Clip', [codes, maker.number(0), maker.number(255)]);
  const rounded = maker.add('Mul', [maker.add('Sub', [clipped, zero]), scale]);
  // The way back is also what keeps the probe graph from picking rows before the texts' ranges are known.
  return maker.add('Reshape', [rounded, maker.add('Shape', [x])]);
}

/**
 * (high - low) / top as double arithmetic gives it, rounded to float32: what the subtraction and the division lose is
 * computed exactly and put back. Without that one scale in a few is off by its last bit, and with it codes that lie
 * near a half.
 *
 * @param top 2^n - 1, so that top · q is 2^n · q - q, the first of them exact
 */
function exactScale(maker: Maker, low: string, high: string, top: number): string {
  const add = (op: string, ...input: string[]) => maker.add(op, input);
  const range = add('Sub', high, low);
  // Knuth's two-sum: high - low = range + lost, exactly.
  const back = add('Sub', range, high);
  const lost = add('Sub', add('Sub', high, add('Sub', range, back)), add('Add', low, back));
  const quotient = add('Div', range, maker.number(top));
  // range - top · quotient, exactly: both differences are of neighbours (Sterbenz).
  const rest = add('Add', add('Sub', range, add('Mul', quotient, maker.number(top + 1))), quotient);
  return add('Add', quotient, add('Div', add('Add', rest, lost), maker.number(top)));
}
