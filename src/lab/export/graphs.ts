import { create } from '@bufbuild/protobuf';
import type { Matrix } from '../compress/method.ts';
import { type Quantizers, quantizeActivations } from '../engine/quantize.ts';
import { LabError } from '../errors.ts';
import { families } from '../family/index.ts';
import type { Site } from '../model/site.ts';
import { findSites } from '../model/sites.ts';
import {
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataType as Type,
} from '../onnx/gen/onnx_pb.ts';
import { GraphIndex } from '../onnx/graph.ts';
import {
  type GraphProto,
  intAttribute,
  type ModelProto,
  type NodeProto,
  parseOnnx,
  type TensorProto,
  writeOnnx,
} from '../onnx/onnx.ts';
import { dropPast } from '../onnx/past.ts';
import type { ExportFiles, ExportJob } from './format.ts';

/** A weight site in the file that it came from. */
export interface Place {
  /** The site as it is in the file: its names are the file's, not those of a joined graph. */
  site: Site;
  node: NodeProto;
  /** The initializer that holds the weights. */
  tensor: TensorProto;
  /** Whether a Cast lies between the initializer and the node. */
  cast: boolean;
  /** The data type that the node computes in. */
  type: number;
  /** Whether the node's operand is [outputs, inputs]: a Gemm with transB. A MatMul's is [inputs, outputs]. */
  turned: boolean;
}

/** One ONNX file of a model, open for changes. Whatever no change touches is written as it was read. */
export class EditableGraph {
  readonly file: string;
  readonly places: ReadonlyMap<string, Place>;
  readonly #model: ModelProto & { graph: GraphProto };
  readonly #names: Set<string>;

  constructor(file: string, model: ModelProto & { graph: GraphProto }, sites: readonly Site[]) {
    this.file = file;
    this.#model = model;
    const { graph } = model;
    this.#names = new Set([
      ...graph.initializer.map(({ name = '' }) => name),
      ...graph.input.map(({ name = '' }) => name),
      ...graph.node.flatMap(({ output }) => output),
    ]);
    const index = new GraphIndex(graph);
    this.places = new Map(sites.map((site) => [site.name, placeOf(index, site)]));
  }

  /** The version of ONNX's own operators. */
  get opset(): number {
    return Number(this.#model.opsetImport.find(({ domain }) => !domain)?.version ?? 0);
  }

  /** A name that no tensor of the graph has yet; it is taken from now on. */
  unique(name: string): string {
    let found = name;
    for (let number = 2; this.#names.has(found); number++) found = `${name}.${number}`;
    this.#names.add(found);
    return found;
  }

  /** Adds a tensor under its name, which {@link unique} has to have given. @returns that name */
  add(tensor: TensorProto): string {
    this.#model.graph.initializer.push(tensor);
    return tensor.name ?? '';
  }

  /** Puts another tensor in an initializer's place, under the same name. */
  replaceTensor(old: TensorProto, tensor: TensorProto): void {
    const { graph } = this.#model;
    graph.initializer = graph.initializer.map((entry) => (entry === old ? tensor : entry));
    // Old files name initializers among the inputs, too, with a type that may be another one now.
    graph.input = graph.input.filter(({ name }) => name !== old.name);
  }

  /** Puts nodes right before another one. */
  before(node: NodeProto, ...added: NodeProto[]): void {
    const { graph } = this.#model;
    graph.node.splice(graph.node.indexOf(node), 0, ...added);
  }

  /** Puts nodes in the place of another one; one of them has to make what it made. */
  replaceNode(node: NodeProto, ...added: NodeProto[]): void {
    const { graph } = this.#model;
    graph.node.splice(graph.node.indexOf(node), 1, ...added);
    for (const name of node.input) this.#release(name);
  }

  /** Makes a node read something else; what nobody needs any more then goes. */
  setInput(node: NodeProto, input: number, name: string): void {
    const old = node.input[input];
    node.input[input] = name;
    this.#release(old);
  }

  /** Whether all that lies between a site's weights and its node serves that node alone. */
  isAlone({ site, node }: Place): boolean {
    const { graph } = this.#model;
    for (let name = node.input[site.input]; ; ) {
      if (this.#readers(name) !== 1) return false;
      const producer = graph.node.find(({ output }) => output.includes(name));
      if (!producer) return true;
      name = producer.input[0];
    }
  }

  /**
   * Rounds what enters these layers, as the lab does in its own graph (engine/quantize.ts): by operators that every
   * runtime has, in float32. Before anything else is done to the layers.
   */
  roundInputs(quantizers: Quantizers): void {
    const sites = [...this.places.values()].map(({ site }) => site);
    const otherTypes = new Map(
      [...this.places].flatMap(([name, { type }]) => (type === Type.FLOAT ? [] : [[name, type] as const])),
    );
    const { graph } = this.#model;
    const open = { graph, opset: this.opset, otherTypes, sitePaths: new Map(), weights: new Map() };
    quantizeActivations(open, sites, quantizers);
  }

  /** Says that operators of another domain are used. */
  importDomain(domain: string, version: number): void {
    const { opsetImport } = this.#model;
    if (opsetImport.some((entry) => entry.domain === domain)) return;
    opsetImport.push(create(OperatorSetIdProtoSchema, { domain, version: BigInt(version) }));
  }

  /** The file's bytes, with these entries in its metadata. */
  write(metadata: Readonly<Record<string, string>>): Uint8Array {
    const kept = this.#model.metadataProps.filter(({ key = '' }) => !Object.hasOwn(metadata, key));
    const added = Object.entries(metadata).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value }));
    return writeOnnx({ ...this.#model, metadataProps: [...kept, ...added] });
  }

  /** How often a tensor is read: by nodes, or as the graph's result. */
  #readers(name: string): number {
    const { node, output } = this.#model.graph;
    return (
      node.reduce((sum, { input }) => sum + input.filter((entry) => entry === name).length, 0) +
      output.filter((entry) => entry.name === name).length
    );
  }

  #release(name: string): void {
    const { graph } = this.#model;
    if (name === '' || this.#readers(name) > 0) return;
    const before = graph.initializer.length;
    graph.initializer = graph.initializer.filter((tensor) => tensor.name !== name);
    if (graph.initializer.length < before) graph.input = graph.input.filter((input) => input.name !== name);
    const producer = graph.node.find(({ output }) => output.includes(name));
    if (!producer || producer.output.some((output) => this.#readers(output) > 0)) return;
    graph.node.splice(graph.node.indexOf(producer), 1);
    graph.valueInfo = graph.valueInfo.filter((value) => value.name !== name);
    for (const input of producer.input) this.#release(input);
  }
}

function placeOf(index: GraphIndex, site: Site): Place {
  const node = index.producer.get(site.node);
  const source = node && index.constant(node.input[site.input]);
  if (!source) throw new LabError('internal', `The site ${site.name} is not in the file.`);
  const { tensor, cast } = source;
  return {
    site,
    node,
    tensor,
    cast,
    type: typeBehind(index, node.input[site.input]),
    turned: node.opType === 'Gemm' && intAttribute(node, 'transB', 0) === 1,
  };
}

/** The data type of a constant operand: what the last Cast makes of it, or its initializer's. */
function typeBehind(index: GraphIndex, name: string): number {
  for (let at = name; ; ) {
    const node = index.producer.get(at);
    if (!node) return index.initializers.get(at)?.dataType ?? 0;
    if (node.opType === 'Cast') return intAttribute(node, 'to', 0);
    at = node.input[0];
  }
}

/** A compressed matrix, and where it belongs. */
export interface Placed {
  matrix: Matrix;
  graph: EditableGraph;
  place: Place;
}

/**
 * Opens the ONNX files of a model. An encoder-decoder, which the lab runs as one graph, is two files here, as it was.
 * What enters a layer is rounded already where its matrix says so.
 *
 * @throws LabError `internal` where the files are not those of the model
 */
export function openGraphs({ files, model, applied }: ExportJob): { graphs: EditableGraph[]; placed: Placed[] } {
  const opened = families[model.family].graphs.map(({ file, others, stack, hasLogits }) => {
    const name = [file, ...others].find((candidate) => files.graphs.has(candidate));
    if (name === undefined) throw new LabError('internal', `${file} is not among the files of the model.`);
    const proto = parseOnnx(files.graphs.get(name)!);
    // Sites are found where the lab found them: in the graph without its past, which stays in the file.
    const { graph } = proto;
    const seen = {
      ...graph,
      node: graph.node.map((node) => ({ ...node, input: [...node.input] })),
      initializer: [...graph.initializer],
    };
    dropPast(seen);
    return {
      stack,
      graph: new EditableGraph(name, proto, findSites(seen, { family: model.family, stack, hasLogits })),
    };
  });
  const find = ({ name, stack, shape }: Site) => {
    const graph = opened.find((entry) => entry.stack === stack)?.graph;
    const place = graph?.places.get(name);
    if (graph && place?.site.shape.join() === shape.join()) return { graph, place };
    throw new LabError('internal', `The layer ${name} is not in the files: they are not those of the model.`);
  };
  for (const site of model.sites) find(site);
  const placed = applied.matrices.map((matrix) => ({ matrix, ...find(matrix.site) }));
  for (const { graph } of opened) {
    const rounding = placed.flatMap(({ matrix: { site, activations }, graph: own }) =>
      own === graph && activations ? [[site.name, activations] as const] : [],
    );
    if (rounding.length > 0) graph.roundInputs(new Map(rounding));
  }
  return { graphs: opened.map(({ graph }) => graph), placed };
}

/** Writes opened graphs, each under its file's name. */
export function writeGraphs(graphs: readonly EditableGraph[], metadata: Readonly<Record<string, string>>): ExportFiles {
  return new Map(graphs.map((graph) => [graph.file, graph.write(metadata)]));
}
