import type { Wording } from '../../../lab/suite/suite.ts';
import { type TaskId, taskIds } from '../../../lab/suite/tasks/index.ts';
import { wordingWords } from '../../recipe/offers.ts';
import { suites } from '../../shipped.ts';

/** A kind of questions: a wording of facts, or one task. */
export interface Kind {
  /** Suite and wording, or suite and task; stands in links. */
  id: string;
  label: string;
  suite: string;
  template: Wording;
  task: TaskId | null;
}

/** All kinds of questions that are shipped. */
export const kinds: readonly Kind[] = suites.flatMap(({ id: suite, title, kind, wordings }): Kind[] =>
  kind === 'tasks'
    ? taskIds.map((task) => ({ id: `${suite}/${task}`, label: task, suite, template: wordings[0], task }))
    : wordings.map((template) => ({
        id: `${suite}/${template}`,
        label: `${title}, ${wordingWords[template].label}`,
        suite,
        template,
        task: null,
      })),
);

export const isKind = (id: string): boolean => kinds.some((kind) => kind.id === id);
