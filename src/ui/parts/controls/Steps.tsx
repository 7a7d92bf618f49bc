import { ActionIcon, Button, Text, Tooltip, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconChevronDown, IconCopy, IconPlus, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { coverageOf, describeStep, entryOf, scopeListOf } from '../../../app/recipe/catalogue.ts';
import type { StepChoice } from '../../../app/recipe/curve.ts';
import { familyOfChoice } from '../../../app/recipe/offers.ts';
import { maxSteps, move } from '../../../app/recipe/steps.ts';
import { addStep, duplicateStep, moveStep, removeStep, setStep } from '../../../app/views/explore/edit.ts';
import { type LabState, useLab } from '../../../app/views/explore/explore-store.ts';
import type { MethodId } from '../../../lab/compress/methods/index.ts';
import type { FamilyId, Site } from '../../../lab/model/site.ts';
import { steps as texts } from '../../texts/controls.ts';
import { Panel } from '../Panel.tsx';
import classes from './controls.module.css';
import { MethodPicker } from './MethodPicker.tsx';
import { StepFields } from './StepFields.tsx';
import { useDraft } from './useDraft.ts';

/** A step of the list as long as it is in it: its card, its focus and what was typed move with it. */
interface Card {
  key: number;
  isOpen: boolean;
}

let lastKey = 0;
const newCard = (isOpen: boolean): Card => ({ key: ++lastKey, isOpen });

/** The steps of Explore's recipe. */
export function Steps() {
  const steps = useLab((state) => state.choice.steps);
  const family = useLab((state) => familyOfChoice(state.choice));
  const model = useLab((state) => state.opened?.model ?? null);
  return (
    <Panel title={texts.title}>
      <StepList label={texts.list} steps={steps} family={family} model={model} edit={exploreEdit} />
    </Panel>
  );
}

const exploreEdit: StepEdit = {
  set: setStep,
  add: addStep,
  duplicate: duplicateStep,
  remove: removeStep,
  move: moveStep,
};

type OpenedModel = NonNullable<LabState['opened']>['model'];

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
  model: OpenedModel | null;
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
                  <Actions
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
              <Button variant="light" size="sm" mt="sm" leftSection={<IconPlus size={16} />} onClick={open}>
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
          <Text size="xs" c="dimmed" mt="sm">
            {texts.most(maxSteps)}
          </Text>
        )}
      </div>
      <VisuallyHidden role="status" aria-live="polite">
        {said}
      </VisuallyHidden>
    </>
  );
}

interface ActionsProps {
  index: number;
  of: number;
  onMove: (to: number) => void;
  onDuplicate: () => void;
  onRemove: () => void;
}

/** What can be done with a step as a whole. */
function Actions({ index, of, onMove, onDuplicate, onRemove }: ActionsProps) {
  const number = index + 1;
  return (
    <div className={classes.actions}>
      {of > 1 && (
        <>
          <Action name="up" label={texts.up(number)} disabled={index === 0} onClick={() => onMove(index - 1)}>
            <IconArrowUp size={18} />
          </Action>
          <Action name="down" label={texts.down(number)} disabled={index === of - 1} onClick={() => onMove(index + 1)}>
            <IconArrowDown size={18} />
          </Action>
        </>
      )}
      <Action name="copy" label={texts.copy(number)} disabled={of >= maxSteps} onClick={onDuplicate}>
        <IconCopy size={18} />
      </Action>
      {of > 1 && (
        <Action name="remove" label={texts.remove(number)} onClick={onRemove}>
          <IconTrash size={18} />
        </Action>
      )}
    </div>
  );
}

interface ActionProps {
  name: string;
  label: string;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Action({ name, label, disabled, onClick, children }: ActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color={name === 'remove' ? 'red' : 'gray'}
        size={32}
        aria-label={label}
        data-action={name}
        disabled={disabled}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

interface StepCardProps {
  card: Card;
  step: StepChoice;
  index: number;
  of: number;
  family: FamilyId;
  model: OpenedModel | null;
  actions: ReactNode;
  onChange: (step: StepChoice) => void;
  onOpen: (isOpen: boolean) => void;
}

function StepCard({ card, step, index, of, family, model, actions, onChange, onOpen }: StepCardProps) {
  const draft = useDraft(step, model, onChange);
  const id = useId();
  const { problems } = draft;
  return (
    <li className={classes.card} data-card={card.key} data-pending={problems.length > 0 || undefined}>
      <div className={classes.head}>
        <UnstyledButton
          className={classes.summary}
          data-action="open"
          aria-expanded={card.isOpen}
          aria-controls={id}
          onClick={() => onOpen(!card.isOpen)}
        >
          {of > 1 && (
            <span className={classes.number} aria-hidden>
              {index + 1}
            </span>
          )}
          <span>
            {of > 1 && <VisuallyHidden>{texts.number(index + 1)}</VisuallyHidden>}
            <Text size="sm" fw={600} lh={1.35} span display="block" className="lossy-numbers">
              {capital(describeStep(step))}
            </Text>
            {problems.length > 0 && !card.isOpen && (
              <Text size="xs" c="red" span display="block">
                {problems[0].message}
              </Text>
            )}
          </span>
          <IconChevronDown size={18} className={classes.chevron} aria-hidden />
        </UnstyledButton>
        {actions}
      </div>
      <fieldset id={id} className={classes.fields} hidden={!card.isOpen} aria-label={texts.settings(index + 1)}>
        <StepFields
          draft={draft}
          scopes={scopeListOf(family)}
          scopeNote={<Coverage scope={draft.step.scope} sites={model?.sites} />}
        />
      </fieldset>
    </li>
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** How many of the model's layers a scope covers, and which it leaves alone. */
function Coverage({ scope, sites }: { scope: string; sites: readonly Site[] | undefined }) {
  if (!sites) return null;
  const { covered, leftOut } = coverageOf(scope, sites);
  const sentence = texts.covers(covered, sites.length);
  if (leftOut.length === 0)
    return (
      <Text size="xs" c="dimmed">
        {sentence}
      </Text>
    );
  return (
    <Text size="xs" c="dimmed" component="details">
      <summary>
        {sentence}
        {texts.leftAlone(leftOut.length)}
      </summary>
      {leftOut.join(', ')}
    </Text>
  );
}
