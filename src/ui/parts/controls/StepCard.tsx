import { ActionIcon, Text, Tooltip, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconChevronDown, IconCopy, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { coverageOf, describeStep, scopeListOf } from '../../../app/recipe/catalogue.ts';
import type { StepChoice } from '../../../app/recipe/curve.ts';
import { maxSteps } from '../../../app/recipe/steps.ts';
import type { Fitted } from '../../../lab/compress/fit.ts';
import type { FamilyId, Site } from '../../../lab/model/site.ts';
import { steps as texts } from '../../texts/controls.ts';
import { Hint } from '../Hint.tsx';
import classes from './controls.module.css';
import { StepFields } from './StepFields.tsx';
import { useDraft } from './useDraft.ts';

interface ActionsProps {
  index: number;
  of: number;
  onMove: (to: number) => void;
  onDuplicate: () => void;
  onRemove: () => void;
}

/** What can be done with a step as a whole. */
export function StepActions({ index, of, onMove, onDuplicate, onRemove }: ActionsProps) {
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
  /** Its key in the list, and whether its fields are shown. */
  card: { key: number; isOpen: boolean };
  step: StepChoice;
  index: number;
  of: number;
  family: FamilyId;
  model: Fitted | null;
  actions: ReactNode;
  onChange: (step: StepChoice) => void;
  onOpen: (isOpen: boolean) => void;
}

export function StepCard({ card, step, index, of, family, model, actions, onChange, onOpen }: StepCardProps) {
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
  if (leftOut.length === 0) return <Hint>{sentence}</Hint>;
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
