import { create } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  OperatorSetIdProtoSchema,
  type TensorProto,
  TensorProto_DataType as Type,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../src/lab/onnx/gen/onnx_pb.ts';
import { makeNode, writeOnnx } from '../src/lab/onnx/onnx.ts';
import { floatTensor, int64Tensor } from '../src/lab/onnx/tensors.ts';

type Attributes = Parameters<typeof makeNode>[4];

/** An ONNX graph in the making. Every method returns the name of the tensor that it adds. */
export class GraphWriter {
  readonly #nodes: NodeProto[] = [];
  readonly #tensors: TensorProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];

  input(name: string, type: 'float' | 'int64'): string {
    this.#inputs.push(valueInfo(name, type === 'float' ? Type.FLOAT : Type.INT64));
    return name;
  }

  /** A node of one output, which is its name. */
  op(type: string, name: string, input: string[], attributes: Attributes = {}): string {
    this.#nodes.push(makeNode(type, name, input, [name], attributes));
    return name;
  }

  floats(name: string, dims: readonly number[], values: ArrayLike<number>): string {
    this.#tensors.push(floatTensor(name, dims, values));
    return name;
  }

  /** @param values a list, or a single number for a scalar */
  ints(name: string, values: number | number[]): string {
    const isList = Array.isArray(values);
    this.#tensors.push(int64Tensor(name, isList ? [values.length] : [], isList ? values : [values]));
    return name;
  }

  /** The file's bytes, operator set 17. */
  bytes(outputs: readonly string[]): Uint8Array {
    const graph = create(GraphProtoSchema, {
      name: 'bench',
      node: this.#nodes,
      initializer: this.#tensors,
      input: this.#inputs,
      output: outputs.map((name) => valueInfo(name, Type.FLOAT)),
    });
    const opsetImport = [create(OperatorSetIdProtoSchema, { version: 17n })];
    return writeOnnx(create(ModelProtoSchema, { irVersion: 8n, opsetImport, graph }));
  }
}

function valueInfo(name: string, elemType: number): ValueInfoProto {
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value: { elemType } } } });
}
