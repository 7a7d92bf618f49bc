import type { Answers } from '../probe/probes.ts';
import { type ResultSetting, resultKey } from './key.ts';
import { countHits, type Result, type ResultEntry } from './schema.ts';

/** All that a result depends on, with what else it says of the model and the suite. */
export type NamedSetting = Pick<ResultEntry, 'model' | 'suite' | 'template' | 'recipe'> & {
  model: Pick<ResultSetting['model'], 'tokenizerSha256'>;
  /** `single-token` if not given. */
  answers?: Answers;
};

/**
 * Puts a result together.
 *
 * @param answered what came out: the answers to the first probes of the order, `of` of which there are
 */
export function makeResult(
  setting: NamedSetting,
  {
    predictions,
    ...answered
  }: Pick<ResultEntry, 'of' | 'report' | 'backend' | 'seconds' | 'savedAt'> & Pick<Result, 'predictions'>,
): Result {
  const { model, suite, template, recipe } = setting;
  const { ranks } = predictions;
  return {
    predictions,
    entry: {
      key: resultKey(setting),
      model: { name: model.name, sha256: model.sha256, family: model.family, parameters: model.parameters },
      suite: { name: suite.name, sha256: suite.sha256 },
      template,
      recipe,
      asked: ranks.length,
      hits: countHits(ranks),
      ...answered,
    },
  };
}
