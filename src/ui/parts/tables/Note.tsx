import type { ReactNode } from 'react';
import classes from './table.module.css';

/** What a cell says beside its number, in small letters. */
export const Note = ({ children }: { children: ReactNode }) => <span className={classes.note}>{children}</span>;
