import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { readJson } from '../json.ts';
import { type GraphProto, type ModelProto, parseOnnx } from './onnx.ts';
import type { Site, SiteWeights } from './site.ts';
import { findSites } from './sites.ts';
import { elementCount, isFloat, readFloats, tensorBytes, transpose } from './tensors.ts';
import { readTokenizer, type Tokenizer } from './tokenizer.ts';

/** The files of a model, as Hugging Face names them: model.onnx, config.json, tokenizer.json, tokenizer_config.json. */
export interface ModelFiles {
  model: Uint8Array;
  config: string;
  tokenizer: string;
  tokenizerConfig: string;
}

/** A model that can be compressed and probed. */
export interface Model {
  /** SHA-256 of model.onnx, and of the two tokenizer files together: what the model is, whatever it is called. */
  sha256: string;
  tokenizerSha256: string;
  family: 'encoder';
  /** config.json's model type, e.g. `bert`. */
  type: string;
  /** All parameters, a matrix that is used twice counted once. */
  parameters: number;
  /** Bytes of the parameters that are no site, as stored (embeddings, norms, biases). */
  otherBytes: number;
  vocabulary: number;
  /** Longest prompt in tokens. */
  maxLength: number;
  proto: ModelProto & { graph: GraphProto };
  sites: Site[];
  /** Dense weights of every site, in the order of `sites`. */
  weights: SiteWeights[];
  tokenizer: Tokenizer;
}

const configSchema = z.looseObject({
  model_type: z.string(),
  vocab_size: z.int().positive(),
  max_position_embeddings: z.int().positive().default(512),
  is_encoder_decoder: z.boolean().default(false),
});

/** The model types whose masked-language-model graphs are known to have the encoder's shape. */
const encoderTypes = [
  'bert',
  'distilbert',
  'roberta',
  'xlm-roberta',
  'camembert',
  'electra',
  'albert',
  'mpnet',
  'deberta',
  'deberta-v2',
  'modernbert',
  'mobilebert',
  'squeezebert',
  'esm',
  'roformer',
];

/**
 * Reads a masked language model.
 *
 * @throws LabError `bad-model` for files that are damaged or of another kind, `bad-tokenizer` where the tokenizer does
 * not fit the model
 */
export function loadModel(files: ModelFiles): Model {
  const config = readConfig(files.config);
  const proto = parseOnnx(files.model);
  const sites = findSites(proto.graph);
  const decoder = sites.find((site) => site.kind === 'decoder');
  if (!decoder)
    throw new LabError(
      'bad-model',
      'The model has no linear layer that makes its logits, so it predicts no words.',
      'Export it with its masked-language-model head.',
    );
  const vocabulary = decoder.shape[0];
  const tokenizer = readTokenizer(files.tokenizer, files.tokenizerConfig);
  if (tokenizer.size > vocabulary)
    throw new LabError(
      'bad-tokenizer',
      `The tokenizer has ${tokenizer.size} words, but the model knows ${vocabulary}.`,
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
  let parameters = 0;
  let otherBytes = 0;
  for (const tensor of proto.graph.initializer) {
    if (!isFloat(tensor.dataType)) continue;
    parameters += elementCount(tensor);
    if (!siteInitializers.has(tensor.name ?? '')) otherBytes += tensorBytes(tensor) ?? 0;
  }
  return {
    sha256: bytesToHex(sha256(files.model)),
    tokenizerSha256: bytesToHex(sha256(utf8ToBytes(`${files.tokenizer}\n${files.tokenizerConfig}`))),
    family: 'encoder',
    type: config.model_type,
    parameters,
    otherBytes,
    vocabulary,
    maxLength: config.max_position_embeddings,
    proto,
    sites,
    weights: siteWeights(proto.graph, sites),
    tokenizer,
  };
}

function readConfig(json: string): z.output<typeof configSchema> {
  const config = readJson(configSchema, json, {
    kind: 'bad-model',
    where: 'config.json',
    advice: 'Take config.json from the folder that the model came from.',
  });
  const { model_type: type, is_encoder_decoder: pair } = config;
  if (pair || !encoderTypes.includes(type))
    throw new LabError(
      'bad-model',
      `The model is of type ${type}; encoders with a masked-language-model head can be used (${encoderTypes.join(', ')}).`,
      'Choose a model of one of these types.',
    );
  return config;
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
