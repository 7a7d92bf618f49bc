import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { type Family, families, familyOf } from '../family/index.ts';
import { readJson } from '../json.ts';
import { type GraphProto, type ModelProto, parseOnnx } from '../onnx/onnx.ts';
import { dropPast } from '../onnx/past.ts';
import { elementCount, isFloat, readFloats, tensorBytes, transpose } from '../onnx/tensors.ts';
import { readTokenizer, type Tokenizer } from '../tokens/tokenizer.ts';
import { joinHalves } from './join.ts';
import { metadataKeys } from './metadata-keys.ts';
import type { FamilyId, Site, SiteWeights } from './site.ts';
import { findSites } from './sites.ts';

/** The files of a model, as Hugging Face and optimum name them. */
export interface ModelFiles {
  /** ONNX files by name: those that {@link graphFiles} asks for. */
  graphs: ReadonlyMap<string, Uint8Array>;
  /** Texts of config.json, tokenizer.json and tokenizer_config.json. */
  config: string;
  tokenizer: string;
  tokenizerConfig: string;
  /** SHA-256 of the graphs behind each other, where it is known already; computed where not. */
  graphsSha256?: string;
}

/** A model that can be compressed and probed. */
export interface Model {
  /** SHA-256 of the ONNX files behind each other, and of the two tokenizer files: what the model is, whatever its name. */
  sha256: string;
  tokenizerSha256: string;
  family: FamilyId;
  /** config.json's model type, e.g. `bert`. */
  type: string;
  /** All parameters, a matrix that is used twice counted once. */
  parameters: number;
  /** Bytes of the parameters that are no site, as stored (embeddings, norms, biases). */
  otherBytes: number;
  vocabulary: number;
  /** Longest prompt in tokens. */
  maxLength: number;
  /** Attention heads of a block, and how many of them have keys and values of their own; 0 where config.json is silent. */
  heads: number;
  keyValueHeads: number;
  /** What a decoder behind an encoder begins with. */
  decoderStart: number;
  /** One graph: an encoder's and a decoder's are joined. */
  proto: ModelProto & { graph: GraphProto };
  sites: Site[];
  /** Dense weights of every site, in the order of `sites`. */
  weights: SiteWeights[];
  tokenizer: Tokenizer;
}

const count = z.int().positive();
const configSchema = z.looseObject({
  model_type: z.string(),
  vocab_size: count,
  /** The longest text, under the names that model types give it. */
  max_position_embeddings: count.optional(),
  n_positions: count.optional(),
  n_ctx: count.optional(),
  /** Attention heads, likewise. */
  num_attention_heads: count.optional(),
  n_head: count.optional(),
  num_heads: count.optional(),
  num_key_value_heads: count.optional(),
  decoder_start_token_id: z.int().nonnegative().nullish(),
  pad_token_id: z.int().nonnegative().nullish(),
});

/** Models without a limit of their own (relative positions) are asked nothing longer than this. */
const defaultLength = 512;

/** Operators that read codes: what they multiply with is no weight that could be compressed. */
const coded = new Set([
  'MatMulNBits',
  'MatMulBnb4',
  'DequantizeLinear',
  'DynamicQuantizeLinear',
  'MatMulInteger',
  'QLinearMatMul',
  'DynamicQuantizeMatMul',
]);

const folderAdvice = 'Take config.json from the folder that the model came from.';

/**
 * Which ONNX files a model has, by its config.json.
 *
 * @returns for each graph the names to look for, the usual one first
 * @throws LabError `bad-model` for model types that the lab does not know
 */
export function graphFiles(configJson: string): string[][] {
  return readFamily(readConfig(configJson)).graphs.map(({ file, others }) => [file, ...others]);
}

/**
 * Reads a language model.
 *
 * @throws LabError `bad-model` for files that are damaged or of another kind, `bad-tokenizer` where the tokenizer does
 * not fit the model
 */
export function loadModel(files: ModelFiles): Model {
  const config = readConfig(files.config);
  const family = readFamily(config);
  const parts = family.graphs.map(({ file, others, stack, hasLogits }) => {
    const name = [file, ...others].find((candidate) => files.graphs.has(candidate));
    if (name === undefined)
      throw new LabError(
        'bad-model',
        `${file} is missing: a model of type ${config.model_type} has ${family.graphs.map((graph) => graph.file).join(' and ')}.`,
        'Take all files from the folder that the model came from.',
      );
    const bytes = files.graphs.get(name)!;
    const proto = parseOnnx(bytes);
    if (proto.graph.node.some(({ opType }) => opType === 'If'))
      throw new LabError(
        'bad-model',
        `${name} is a merged export that decides for itself whether to use a past.`,
        'Export it without a past (optimum: --no-post-process, task without -with-past).',
      );
    const rounded = proto.graph.node.find(({ opType = '' }) => coded.has(opType));
    if (rounded)
      throw new LabError(
        'bad-model',
        `${name} holds codes instead of weights (${rounded.opType}): it was rounded to few bits already.`,
        'Open the model that it was made from, or export it as onnx: that can be opened again.',
      );
    if (proto.metadataProps.some(({ key }) => key === metadataKeys.roundedInputs))
      throw new LabError(
        'bad-model',
        `${name} rounds what enters its layers: it was exported from a recipe that rounds activations, too.`,
        'Open the model that it was made from.',
      );
    dropPast(proto.graph);
    return { bytes, half: { proto, sites: findSites(proto.graph, { family: family.id, stack, hasLogits }) } };
  });
  const [first, second] = parts.map(({ half }) => half);
  const { proto, sites } = second ? joinHalves(first, second) : first;
  const decoder = sites.find((site) => site.kind === 'decoder');
  if (!decoder)
    throw new LabError(
      'bad-model',
      'The model has no linear layer that makes its logits, so it predicts no words.',
      'Export it with its language-model head.',
    );
  const vocabulary = decoder.shape[0];
  const tokenizer = readTokenizer(files.tokenizer, files.tokenizerConfig);
  if (tokenizer.size > vocabulary)
    throw new LabError(
      'bad-tokenizer',
      `The tokenizer has ${tokenizer.size} words, but the model knows ${vocabulary}.`,
      'Take tokenizer.json and tokenizer_config.json from the folder that the model came from.',
    );
  const lacking = family.lacks(tokenizer);
  if (lacking !== null)
    throw new LabError(
      'bad-tokenizer',
      `The tokenizer has not ${lacking}, which a model of type ${config.model_type} is asked with.`,
      'Take tokenizer.json and tokenizer_config.json from the folder that the model came from.',
    );
  // A vocabulary is often padded to a round number; one that is half the size belongs to another model.
  if (tokenizer.size < vocabulary - Math.max(512, vocabulary / 20) || config.vocab_size > vocabulary)
    throw new LabError(
      'bad-tokenizer',
      `The tokenizer has ${tokenizer.size} words and config.json names ${config.vocab_size}, but the model knows ${vocabulary}: they belong to different models.`,
      'Take all files from the folder that the model came from.',
    );
  const siteInitializers = new Set(sites.map((site) => site.initializer));
  const heads = config.num_attention_heads ?? config.n_head ?? config.num_heads ?? 0;
  let parameters = 0;
  let otherBytes = 0;
  for (const tensor of proto.graph.initializer) {
    if (!isFloat(tensor.dataType)) continue;
    parameters += elementCount(tensor);
    if (!siteInitializers.has(tensor.name ?? '')) otherBytes += tensorBytes(tensor) ?? 0;
  }
  return {
    sha256: files.graphsSha256 ?? hashOf(parts.map(({ bytes }) => bytes)),
    tokenizerSha256: bytesToHex(sha256(utf8ToBytes(`${files.tokenizer}\n${files.tokenizerConfig}`))),
    family: family.id,
    type: config.model_type,
    parameters,
    otherBytes,
    vocabulary,
    maxLength: config.max_position_embeddings ?? config.n_positions ?? config.n_ctx ?? defaultLength,
    heads,
    keyValueHeads: config.num_key_value_heads ?? heads,
    decoderStart: config.decoder_start_token_id ?? config.pad_token_id ?? 0,
    proto,
    sites,
    weights: siteWeights(proto.graph, sites),
    tokenizer,
  };
}

function hashOf(files: readonly Uint8Array[]): string {
  const hash = sha256.create();
  for (const bytes of files) hash.update(bytes);
  return bytesToHex(hash.digest());
}

function readConfig(json: string): z.output<typeof configSchema> {
  return readJson(configSchema, json, { kind: 'bad-model', where: 'config.json', advice: folderAdvice });
}

function readFamily({ model_type: type }: z.output<typeof configSchema>): Family<FamilyId> {
  const family = familyOf(type);
  if (family) return family;
  const known = Object.values(families).flatMap(({ modelTypes }) => modelTypes);
  throw new LabError(
    'bad-model',
    `The model is of type ${type}; these types can be used: ${known.join(', ')}.`,
    'Choose a model of one of these types.',
  );
}

/** The sites' weights, [outputs, inputs] each, read once: a tied initializer that several sites use is read once too. */
function siteWeights(graph: GraphProto, sites: readonly Site[]): SiteWeights[] {
  const tensors = new Map(graph.initializer.map((tensor) => [tensor.name ?? '', tensor]));
  return sites.map((site) => {
    const tensor = tensors.get(site.initializer);
    if (!tensor) throw new LabError('internal', `The site ${site.name} has no initializer.`);
    const stored = readFloats(tensor);
    const [rows, columns] = site.shape;
    return { site, values: site.transposed ? transpose(stored, columns, rows) : stored };
  });
}
