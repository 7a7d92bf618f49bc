import { useDebouncedCallback } from '@mantine/hooks';
import { useMemo, useRef, useState } from 'react';
import { type Problem, problemsOf, withoutIdle } from '../../../app/recipe/check.ts';
import type { StepChoice } from '../../../app/recipe/curve.ts';
import type { Fitted } from '../../../lab/compress/fit.ts';

/** Typing is one change, not one for each letter: nothing is started in the middle of a number. */
const typingPause = 600;

/** A step while it is edited: what its fields show may not be possible yet. */
export interface Draft {
  /** What the fields show. */
  step: StepChoice;
  /** What is wrong with it; then the step that was chosen before stays in effect. */
  problems: readonly Problem[];
  /** Whether the fields show something that is not in effect. */
  isPending: boolean;
  /** Changes method, scope or parameters: at once, or after a pause in typing. */
  change(step: StepChoice, options?: { typed?: boolean }): void;
  /** Takes what was typed without waiting. */
  flush(): void;
  /** Shows the step that is in effect again. */
  reset(): void;
}

interface Edited {
  /** What was in effect when it was edited: another step from elsewhere ends the edit. */
  base: StepChoice;
  next: StepChoice;
}

/**
 * @param step what is in effect
 * @param model what it has to fit, where one is opened
 * @param onChange a step that can be run
 */
export function useDraft(step: StepChoice, model: Fitted | null, onChange: (step: StepChoice) => void): Draft {
  const [edited, setEdited] = useState<Edited | null>(null);
  const latest = useRef<Edited | null>(null);
  const put = (next: Edited | null) => {
    latest.current = next;
    setEdited(next);
  };
  const take = () => {
    const now = latest.current;
    if (!now || !isSame(now.base, step)) return;
    const next = withoutIdle(shownOf(now, step));
    if (problemsOf(next, model).length > 0) return;
    put(null);
    onChange(next);
  };
  const later = useDebouncedCallback(take, typingPause);
  const current = edited && isSame(edited.base, step) ? edited : null;
  const shown = useMemo(() => (current ? shownOf(current, step) : step), [current, step]);
  const problems = useMemo(() => problemsOf(shown, model), [shown, model]);
  return {
    step: shown,
    problems,
    isPending: current !== null,
    change(next, { typed = false } = {}) {
      put({ base: step, next });
      if (typed) later();
      else {
        later.cancel();
        take();
      }
    },
    flush: () => later.flush(),
    reset() {
      later.cancel();
      put(null);
    },
  };
}

/** The slider is no part of an edit: where it was moved meanwhile, it stays. */
const isSame = (a: StepChoice, b: StepChoice) =>
  a.method === b.method && a.scope === b.scope && a.params === b.params && a.customLevel === b.customLevel;

function shownOf({ base, next }: Edited, step: StepChoice): StepChoice {
  return next.method === base.method && next.customLevel === base.customLevel && next.level === base.level
    ? { ...next, level: step.level }
    : next;
}
