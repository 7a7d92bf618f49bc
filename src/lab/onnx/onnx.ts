import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { LabError } from '../errors.ts';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataLocation,
} from './gen/onnx_pb.ts';
import { isFloat, storedBytes, tensorBytes } from './tensors.ts';

export type { GraphProto, ModelProto, NodeProto, TensorProto } from './gen/onnx_pb.ts';

const again = 'Check that the file was downloaded completely and is an ONNX model.';

/**
 * Reads an ONNX file.
 *
 * @param bytes the whole file; weights stored beside it (external data) are refused, because they would be missing
 * @throws LabError `bad-model` where the bytes are no ONNX, end early, or a tensor is shorter than its shape says
 */
export function parseOnnx(bytes: Uint8Array): ModelProto & { graph: GraphProto } {
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw new LabError('bad-model', `The model file cannot be read as ONNX (${bytes.length} bytes).`, again, { cause });
  }
  const { graph } = model;
  if (graph) hoistConstants(graph);
  if (!graph || graph.node.length === 0 || graph.output.length === 0 || model.opsetImport.length === 0)
    throw new LabError('bad-model', `The file holds no ONNX graph (${bytes.length} bytes).`, again);
  for (const tensor of graph.initializer) {
    if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL)
      throw new LabError(
        'bad-model',
        `The weights "${tensor.name}" lie in a second file (external data).`,
        'Save the model with its weights inside the ONNX file.',
      );
    const wanted = tensorBytes(tensor);
    const stored = storedBytes(tensor);
    if (wanted !== null && stored !== wanted)
      throw new LabError(
        'bad-model',
        `The weights "${tensor.name}" have ${stored} bytes where their shape needs ${wanted}.`,
        again,
      );
  }
  return model as ModelProto & { graph: GraphProto };
}

/** Makes initializers of the matrices that lie in Constant nodes: some exporters write weights so. */
function hoistConstants(graph: GraphProto): void {
  graph.node = graph.node.filter((node) => {
    const value = node.opType === 'Constant' && node.attribute.find(({ name }) => name === 'value')?.t;
    if (!value || !isFloat(value.dataType) || value.dims.length < 2) return true;
    graph.initializer.push({ ...value, name: node.output[0] });
    return false;
  });
}

/** The file's bytes for a model. */
export function writeOnnx(model: ModelProto): Uint8Array {
  return toBinary(ModelProtoSchema, model);
}

/** A new node. Attributes may be integers, lists of integers, or floats (as `{ float: x }`). */
export function makeNode(
  opType: string,
  name: string,
  input: string[],
  output: string[],
  attributes: Record<string, number | number[] | { float: number }> = {},
): NodeProto {
  const attribute: AttributeProto[] = Object.entries(attributes).map(([key, value]) => {
    if (Array.isArray(value))
      return create(AttributeProtoSchema, {
        name: key,
        type: AttributeProto_AttributeType.INTS,
        ints: value.map(BigInt),
      });
    if (typeof value === 'object')
      return create(AttributeProtoSchema, { name: key, type: AttributeProto_AttributeType.FLOAT, f: value.float });
    return create(AttributeProtoSchema, { name: key, type: AttributeProto_AttributeType.INT, i: BigInt(value) });
  });
  return create(NodeProtoSchema, { opType, name, input, output, attribute });
}

/** The value of an integer attribute, or `fallback` where the node has none of that name. */
export function intAttribute(node: NodeProto, name: string, fallback: number): number {
  const found = node.attribute.find((attribute) => attribute.name === name);
  return found ? Number(found.i) : fallback;
}

/** The value of a list attribute, or undefined. */
export function intsAttribute(node: NodeProto, name: string): number[] | undefined {
  return node.attribute.find((attribute) => attribute.name === name)?.ints.map(Number);
}
