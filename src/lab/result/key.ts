import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import type { Recipe } from '../compress/recipe.ts';
import type { Answers } from '../probe/probes.ts';
import type { Wording } from '../suite/suite.ts';

/**
 * Rises when the same inputs may give other numbers than before: results of another revision are never mixed.
 */
export const engineRevision = 2;

/** How a probe is turned into a number; part of every key. */
export const scoring = { fact: 'worst-token-rank', choice: 'log-likelihood', ties: 'against', topK: 5 } as const;

/** All that a result depends on. The back end is not among it: they agree, or the lab says so. */
export interface ResultSetting {
  model: { sha256: string; tokenizerSha256: string };
  suite: { sha256: string };
  template: Wording;
  recipe: Recipe;
  /** `single-token` if not given. */
  answers?: Answers;
}

/** SHA-256 of a setting as canonical JSON (RFC 8785): the same in the cache, in a link and on the command line. */
export function resultKey({ model, suite, template, recipe, answers = 'single-token' }: ResultSetting): string {
  const content = {
    model: model.sha256,
    tokenizer: model.tokenizerSha256,
    suite: suite.sha256,
    template,
    recipe,
    scoring: { ...scoring, answers },
    engine: engineRevision,
  };
  return bytesToHex(sha256(utf8ToBytes(canonicalize(content) as string)));
}
