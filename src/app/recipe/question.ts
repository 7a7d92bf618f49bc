import type { Wording } from '../../lab/suite/suite.ts';

/** Which model is asked which suite, in which wording. */
export interface Question {
  model: string;
  suite: string;
  template: Wording;
}

/** The question alone, from an object that holds more. */
export const questionOf = ({ model, suite, template }: Question): Question => ({ model, suite, template });

export const isSameQuestion = (a: Question, b: Question): boolean =>
  a.model === b.model && a.suite === b.suite && a.template === b.template;
