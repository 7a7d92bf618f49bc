import { boolq } from './boolq.ts';
import { hellaswag } from './hellaswag.ts';
import { lambada } from './lambada.ts';
import { piqa } from './piqa.ts';
import type { Task } from './task.ts';
import { winogrande } from './winogrande.ts';

export type { Option, Task, TaskItem } from './task.ts';

/** Every task under its id: a new one is a file and a line here. */
export const tasks = { boolq, piqa, winogrande, hellaswag, lambada } satisfies Record<string, Task>;

export type TaskId = keyof typeof tasks;
export const taskIds = Object.keys(tasks) as TaskId[];
