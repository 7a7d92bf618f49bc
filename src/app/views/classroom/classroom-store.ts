import { create } from 'zustand';
import { idleRun, type RunState } from '../../run/status.ts';
import { type ClassResults, type ClassroomChoice, defaultClassroom } from './classroom-choice.ts';
import { emptyLesson, type Lesson } from './story.ts';

/** All that the classroom shows. Only view.ts changes it. */
export interface ClassroomState {
  choice: ClassroomChoice;
  lesson: Lesson;
  run: RunState;
  /** What a link brought; null where the results are this browser's own. */
  link: ClassResults | null;
}

export const useClassroom = create<ClassroomState>()(() => ({
  choice: defaultClassroom,
  lesson: emptyLesson,
  run: idleRun,
  link: null,
}));
