import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { glossary, type TermId } from '../texts/glossary.ts';
import classes from './parts.module.css';

interface Props {
  id: TermId;
  /** Puts it in brackets, which no line break parts from it: a line may end before and after any button. */
  isBracketed?: boolean;
  children: ReactNode;
}

/** A term of the field; pointing at it, or reaching it with the keyboard, tells what it means. */
export function Term({ id, isBracketed = false, children }: Props) {
  const term = (
    <Tooltip label={glossary[id]} multiline w={280} events={{ hover: true, focus: true, touch: true }} withArrow>
      <button type="button" className={classes.term}>
        {children}
      </button>
    </Tooltip>
  );
  return isBracketed ? <span className={classes.bracketed}>({term})</span> : term;
}
