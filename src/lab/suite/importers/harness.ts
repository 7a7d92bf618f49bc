import { fits } from '../fields.ts';
import { type TaskSet, taskSuite } from '../suite.ts';
import { type TaskId, taskIds, tasks } from '../tasks/index.ts';
import { badSuite, type FileLine, jsonLines, linesOf } from './files.ts';
import type { MakeImporter } from './importer.ts';

interface Documents {
  path: string;
  lines: FileLine[];
}

const isLabels = (path: string) => path.endsWith('.lst');
const taskOf = (fields: readonly string[]) => taskIds.find((id) => fits(tasks[id].fields, fields));

/** Tasks of the LM harness, known by their documents' fields. PIQA's answers come in files of their own. */
export const harness: MakeImporter = ({ name }) => {
  const documents = new Map<TaskId, Documents[]>();
  const labels = new Map<string, number[]>();
  const titles = taskIds.map((id) => tasks[id].label);
  return {
    id: 'harness',
    label: 'tasks',
    known: `a harness task that the lab knows (${titles.join(', ')})`,
    recognises: ({ path, fields }) => isLabels(path) || taskOf(fields) !== undefined,
    add({ path, text, fields }) {
      if (isLabels(path)) {
        labels.set(path, readLabels(path, text));
        return;
      }
      const task = taskOf(fields)!;
      const found = documents.get(task) ?? [];
      found.push({ path, lines: [...jsonLines(path, text)] });
      documents.set(task, found);
    },
    finish() {
      joinLabels(documents.get('piqa') ?? [], labels);
      return taskSuite({ title: name, licence: 'not stated', tasks: setsOf(documents) });
    },
  };
};

/** One set for each file, task by task. */
function setsOf(documents: ReadonlyMap<TaskId, readonly Documents[]>): TaskSet[] {
  return [...documents].flatMap(([task, files]) =>
    files.map(({ path, lines }, at) => ({
      task,
      id: at === 0 ? task : `${task}-${at + 1}`,
      label: files.length === 1 ? tasks[task].label : `${tasks[task].label}: ${path}`,
      items: lines.map(({ value, fault }) => tasks[task].read(value, fault)),
    })),
  );
}

/** PIQA's answers, one a line. */
function readLabels(path: string, text: string): number[] {
  return Array.from(linesOf(text), ({ line, number }) => {
    if (line !== '0' && line !== '1') throw badSuite(`${path}, line ${number}: must be 0 or 1, not "${line}".`);
    return Number(line);
  });
}

/** Puts PIQA's answers into its documents. @throws LabError `bad-suite` for a file that lacks its other half */
function joinLabels(documents: readonly Documents[], labels: ReadonlyMap<string, number[]>): void {
  // Other editions have the answer in each document.
  const files = documents.filter(({ lines }) => !('label' in lines[0].value));
  const left = new Map(labels);
  for (const { path, lines } of files) {
    const expected = path.replace(/\.\w+$/, '-labels.lst');
    // One file of each belong together, whatever they are called.
    const found = files.length === 1 && left.size === 1 ? [...left.keys()][0] : expected;
    const answers = left.get(found);
    if (!answers)
      throw badSuite(
        `${path} holds PIQA’s questions without their answers: ${expected} is missing.`,
        `Choose ${expected} together with ${path}, or leave ${path} out.`,
      );
    if (answers.length !== lines.length)
      throw badSuite(`${found} holds ${answers.length} answers, but ${path} ${lines.length} questions.`);
    lines.forEach(({ value }, at) => {
      value.label = answers[at];
    });
    left.delete(found);
  }
  const [unused] = left.keys();
  if (unused !== undefined) throw badSuite(`${unused} holds answers, but no file of PIQA’s questions belongs to it.`);
}
