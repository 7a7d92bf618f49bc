import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { glossary, type TermId } from '../texts/glossary.ts';
import classes from './parts.module.css';

/** A term of the field; pointing at it, or reaching it with the keyboard, tells what it means. */
export function Term({ id, children }: { id: TermId; children: ReactNode }) {
  return (
    <Tooltip label={glossary[id]} multiline w={280} events={{ hover: true, focus: true, touch: true }} withArrow>
      <button type="button" className={classes.term}>
        {children}
      </button>
    </Tooltip>
  );
}
