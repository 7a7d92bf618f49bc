import { useDeferredValue } from 'react';
import { type LabState, useLab } from '../../app/store.ts';

/**
 * Like useLab, for the parts of the page that are much work to draw. They follow a moment later, in small tasks, so
 * that the slider never waits for them.
 */
export const useDeferredLab = <T>(select: (state: LabState) => T): T => useDeferredValue(useLab(select));
