import { create } from '@bufbuild/protobuf';
import { LabError } from '../errors.ts';
import {
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type TensorProto,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../onnx/gen/onnx_pb.ts';
import type { Site } from './site.ts';

/** A parsed ONNX file with the sites that were found in it. */
export interface Half {
  proto: ModelProto & { graph: GraphProto };
  sites: Site[];
}

/** Names of the decoder's inputs in a joined graph; the encoder's keep theirs. */
const decoderInputs: Readonly<Record<string, string>> = {
  input_ids: 'decoder_input_ids',
  attention_mask: 'decoder_attention_mask',
};

/**
 * Makes one graph of an encoder's and a decoder's: the encoder's result goes straight into the decoder. One pass then
 * answers a prompt, and whatever works on one graph works on both. Weights that both files hold (the shared embedding)
 * are kept once.
 *
 * @throws LabError `bad-model` where the two do not fit
 */
export function joinHalves(encoder: Half, decoder: Half): Half {
  const version = ({ proto }: Half) => String(proto.opsetImport.find(({ domain }) => !domain)?.version ?? '');
  if (version(encoder) !== version(decoder))
    throw new LabError(
      'bad-model',
      `The encoder uses operator set ${version(encoder)}, the decoder ${version(decoder)}.`,
      'Export both in one go.',
    );
  if (encoder.proto.graph.input.some(({ name }) => name === 'encoder_hidden_states'))
    throw new LabError(
      'bad-model',
      'What should be the encoder reads what an encoder makes: it is a decoder.',
      'Take encoder_model.onnx from the folder that the model came from.',
    );
  const hidden = encoder.proto.graph.output[0].name ?? '';
  const names = decoder.proto.graph.input.map(({ name = '' }) => name);
  if (!names.includes('encoder_hidden_states'))
    throw new LabError(
      'bad-model',
      `The decoder has no input encoder_hidden_states (it has ${names.slice(0, 6).join(', ')}).`,
      'Take decoder_model.onnx, not the one with a past or the merged one.',
    );
  const first = renamed(encoder, 'encoder', (name) => name);
  const second = renamed(decoder, 'decoder', (name) => {
    if (name === 'encoder_hidden_states') return `encoder::${hidden}`;
    if (name === 'encoder_attention_mask') return 'attention_mask';
    return decoderInputs[name] ?? name;
  });
  const shared = sharedWeights(first.graph.initializer, second.graph.initializer);
  const use = (name: string) => shared.get(name) ?? name;
  const own = new Set(first.graph.input.map(({ name }) => name));
  const graph = create(GraphProtoSchema, {
    name: 'joined',
    node: [
      ...first.graph.node,
      ...second.graph.node.map((node) => ({ ...node, input: node.input.map((name) => use(name)) })),
    ],
    initializer: [...first.graph.initializer, ...second.graph.initializer.filter(({ name = '' }) => !shared.has(name))],
    input: [
      ...first.graph.input,
      ...second.graph.input.filter(({ name = '' }) => !own.has(name) && name !== `encoder::${hidden}`),
    ],
    output: second.graph.output,
  });
  const imports = [...encoder.proto.opsetImport];
  for (const entry of decoder.proto.opsetImport)
    if (!imports.some(({ domain }) => domain === entry.domain)) imports.push(entry);
  return {
    proto: create(ModelProtoSchema, { ...encoder.proto, opsetImport: imports, graph }) as Half['proto'],
    sites: [
      ...first.sites,
      ...second.sites.map((site) => {
        const initializer = use(site.initializer);
        return { ...site, initializer, tied: site.tied || initializer !== site.initializer };
      }),
    ],
  };
}

/** Gives every tensor of a half a name of its own; inputs are named by `input`. */
function renamed({ proto, sites }: Half, stack: string, input: (name: string) => string) {
  const inputs = new Map(proto.graph.input.map(({ name = '' }) => [name, input(name)]));
  const rename = (name: string) => (name === '' ? '' : (inputs.get(name) ?? `${stack}::${name}`));
  const { graph } = proto;
  return {
    graph: create(GraphProtoSchema, {
      node: graph.node.map((node) => ({
        ...node,
        name: rename(node.name ?? ''),
        input: node.input.map(rename),
        output: node.output.map(rename),
      })),
      initializer: graph.initializer.map((tensor) => ({ ...tensor, name: rename(tensor.name ?? '') })),
      input: graph.input.map((value) => withoutSizes(value, rename(value.name ?? ''))),
      output: graph.output.map((value) => ({ ...value, name: rename(value.name ?? '') })),
    }),
    sites: sites.map((site) => ({ ...site, initializer: rename(site.initializer), node: rename(site.node) })),
  };
}

/** Both halves call their lengths by the same name, which would mean that they are equal: no sizes are stated. */
function withoutSizes({ type }: ValueInfoProto, name: string): ValueInfoProto {
  const elemType = type?.value.case === 'tensorType' ? type.value.value.elemType : undefined;
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value: { elemType } } } });
}

/** Large tensors of the second list that the first one holds too: name there → name here. */
function sharedWeights(first: readonly TensorProto[], second: readonly TensorProto[]): Map<string, string> {
  const smallest = 4096;
  const found = new Map<string, string>();
  for (const tensor of second) {
    if (tensor.rawData.length < smallest) continue;
    const twin = first.find(
      (other) =>
        other.dataType === tensor.dataType &&
        other.dims.join() === tensor.dims.join() &&
        other.rawData.length === tensor.rawData.length &&
        other.rawData.every((byte, at) => byte === tensor.rawData[at]),
    );
    if (twin) found.set(tensor.name ?? '', twin.name ?? '');
  }
  return found;
}
