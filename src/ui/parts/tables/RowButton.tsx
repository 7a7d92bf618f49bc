import type { ReactNode } from 'react';
import classes from './table.module.css';

interface Props {
  isChosen: boolean;
  title?: string;
  onClick: () => void;
  children: ReactNode;
}

/** Chooses the row that it names. */
export function RowButton({ isChosen, title, onClick, children }: Props) {
  return (
    <button type="button" className={classes.button} aria-pressed={isChosen} title={title} onClick={onClick}>
      {children}
    </button>
  );
}
