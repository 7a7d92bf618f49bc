import { Button, VisuallyHidden } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { entryOf } from '../../../app/recipe/catalogue.ts';
import type { StepChoice } from '../../../app/recipe/curve.ts';
import { maxSteps, move } from '../../../app/recipe/steps.ts';
import type { Fitted } from '../../../lab/compress/fit.ts';
import type { MethodId } from '../../../lab/compress/methods/index.ts';
import type { FamilyId } from '../../../lab/model/site.ts';
import { steps as texts } from '../../texts/controls.ts';
import { Hint } from '../Hint.tsx';
import classes from './controls.module.css';
import { MethodPicker } from './MethodPicker.tsx';
import { StepActions, StepCard } from './StepCard.tsx';

/** A step of the list as long as it is in it: its card, its focus and what was typed move with it. */
interface Card {
  key: number;
  isOpen: boolean;
}

let lastKey = 0;
const newCard = (isOpen: boolean): Card => ({ key: ++lastKey, isOpen });

/** How a list of steps is changed. */
export interface StepEdit {
  set: (index: number, step: StepChoice) => void;
  add: (method: MethodId) => void;
  duplicate: (index: number) => void;
  remove: (index: number) => void;
  move: (from: number, to: number) => void;
}

interface ListProps {
  label: string;
  steps: readonly StepChoice[];
  family: FamilyId;
  /** What the steps have to fit, where one is opened. */
  model: Fitted | null;
  edit: StepEdit;
}

/** The steps of a recipe in their order: a list that can be edited. */
export function StepList({ label, steps, family, model, edit: change }: ListProps) {
  const [known, setCards] = useState<Card[]>([]);
  // Where other steps came from elsewhere, by a link or a kept result, they are other cards.
  const cards = known.length === steps.length ? known : steps.map(() => newCard(steps.length === 1));
  if (cards !== known) setCards(cards);
  const list = useRef<HTMLDivElement>(null);
  const [said, setSaid] = useState('');
  const focus = useRef<{ card: number; actions: string[] } | null>(null);

  useEffect(() => {
    const wanted = focus.current;
    if (!wanted) return;
    focus.current = null;
    // A button that is at the end of its way cannot have the focus: the next best one has it.
    for (const action of wanted.actions) {
      const found = list.current?.querySelector<HTMLElement>(
        `[data-card="${wanted.card}"] [data-action="${action}"]:not(:disabled)`,
      );
      if (found) {
        found.focus();
        return;
      }
    }
  });

  const edit = (next: Card[], focused: Card | undefined, actions: string[], words: string) => {
    if (focused) focus.current = { card: focused.key, actions };
    setCards(next);
    setSaid(words);
  };
  const shift = (from: number, to: number) => {
    const name = entryOf(steps[from].method).label;
    const actions = to < from ? ['up', 'down', 'open'] : ['down', 'up', 'open'];
    edit(move(cards, from, to), cards[from], actions, texts.moved(name, to + 1, steps.length));
    change.move(from, to);
  };
  const drop = (index: number) => {
    const left = cards.toSpliced(index, 1);
    const name = entryOf(steps[index].method).label;
    edit(left, left[Math.min(index, left.length - 1)], ['open'], texts.removed(name, index + 1, left.length));
    change.remove(index);
  };
  const double = (index: number) => {
    const copy = newCard(true);
    const next = cards.toSpliced(index + 1, 0, copy);
    edit(next, copy, ['open'], texts.copied(index + 1, index + 2, next.length));
    change.duplicate(index);
  };

  return (
    <>
      <div ref={list}>
        <ol className={classes.list} aria-label={label}>
          {steps.map((step, index) => {
            const card = cards[index];
            return (
              <StepCard
                key={card.key}
                card={card}
                step={step}
                index={index}
                of={steps.length}
                family={family}
                model={model}
                onChange={(next) => change.set(index, next)}
                onOpen={(isOpen) => setCards(cards.with(index, { ...card, isOpen }))}
                actions={
                  <StepActions
                    index={index}
                    of={steps.length}
                    onMove={(to) => shift(index, to)}
                    onDuplicate={() => double(index)}
                    onRemove={() => drop(index)}
                  />
                }
              />
            );
          })}
        </ol>
        {steps.length < maxSteps ? (
          <MethodPicker
            returnsFocus={false}
            target={(open) => (
              <Button variant="light" mt="sm" leftSection={<IconPlus size={16} />} onClick={open}>
                {texts.add}
              </Button>
            )}
            onPick={(method) => {
              const added = newCard(true);
              const next = [...cards.map((card) => ({ ...card, isOpen: false })), added];
              edit(next, added, ['open'], texts.added(entryOf(method).label, next.length));
              change.add(method);
            }}
          />
        ) : (
          <Hint mt="sm">{texts.most(maxSteps)}</Hint>
        )}
      </div>
      <VisuallyHidden role="status" aria-live="polite">
        {said}
      </VisuallyHidden>
    </>
  );
}
