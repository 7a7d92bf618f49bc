import type { GraphProto, NodeProto, TensorProto } from './gen/onnx_pb.ts';
import { intsAttribute } from './onnx.ts';

/** Where a constant operand comes from: an initializer, seen through Cast, Identity and two-dimensional Transpose. */
export interface ConstantSource {
  tensor: TensorProto;
  /** True where an odd number of Transposes lies between the initializer and the operand. */
  flipped: boolean;
  /** True where a Cast lies between (weights stored as float16, computed with as float32). */
  cast: boolean;
}

/** Who makes and who reads each tensor of a graph. Built once; the graph must not change under it. */
export class GraphIndex {
  readonly graph: GraphProto;
  readonly producer = new Map<string, NodeProto>();
  readonly consumers = new Map<string, NodeProto[]>();
  readonly initializers = new Map<string, TensorProto>();
  /** Position of each node in the file, which ONNX requires to be a topological order. */
  readonly order = new Map<NodeProto, number>();
  readonly #data = new Map<string, boolean>();

  constructor(graph: GraphProto) {
    this.graph = graph;
    for (const tensor of graph.initializer) this.initializers.set(tensor.name ?? '', tensor);
    graph.node.forEach((node, position) => {
      this.order.set(node, position);
      for (const name of node.output) this.producer.set(name, node);
      for (const name of node.input) {
        const readers = this.consumers.get(name);
        if (readers) readers.push(node);
        else this.consumers.set(name, [node]);
      }
    });
  }

  readers(tensor: string): readonly NodeProto[] {
    return this.consumers.get(tensor) ?? [];
  }

  /** Follows an operand back to its initializer, or null where it is computed from the model's inputs. */
  constant(name: string): ConstantSource | null {
    let flipped = false;
    let cast = false;
    for (let at = name; ; ) {
      const tensor = this.initializers.get(at);
      if (tensor) return { tensor, flipped, cast };
      const node = this.producer.get(at);
      if (!node) return null;
      if (node.opType === 'Constant') {
        const value = node.attribute.find((attribute) => attribute.name === 'value')?.t;
        return value ? { tensor: value, flipped, cast } : null;
      }
      if (node.opType === 'Cast') cast = true;
      else if (node.opType === 'Transpose') {
        const order = intsAttribute(node, 'perm') ?? [1, 0];
        if (order.length !== 2) return null;
        if (order[0] === 1) flipped = !flipped;
      } else if (node.opType !== 'Identity') return null;
      at = node.input[0];
    }
  }

  /**
   * Whether a tensor's values depend on the values of the model's inputs. Shapes do not count: what is derived only
   * from shapes (reshape targets, masks' sizes) is the same for every token.
   */
  isData(name: string): boolean {
    const known = this.#data.get(name);
    if (known !== undefined) return known;
    const node = this.producer.get(name);
    const result = node
      ? node.opType !== 'Shape' &&
        node.opType !== 'Size' &&
        node.input.some((input) => input !== '' && this.isData(input))
      : !this.initializers.has(name);
    this.#data.set(name, result);
    return result;
  }
}
