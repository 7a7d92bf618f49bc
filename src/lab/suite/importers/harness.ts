import type { TaskSet } from '../suite.ts';
import { type TaskId, tasks } from '../tasks/index.ts';
import { badSuite, type FileLine, linesOf } from './files.ts';

interface Documents {
  path: string;
  lines: FileLine[];
}

/** Takes documents of tasks file by file. PIQA's answers come in files of their own and are joined at the end. */
export class HarnessReader {
  readonly #documents = new Map<TaskId, Documents[]>();
  readonly #labels = new Map<string, number[]>();

  /** Whether there was no file of tasks. */
  get isEmpty(): boolean {
    return this.#documents.size === 0 && this.#labels.size === 0;
  }

  /** Takes one file of documents. */
  add(task: TaskId, path: string, lines: Iterable<FileLine>): void {
    const documents = this.#documents.get(task) ?? [];
    documents.push({ path, lines: [...lines] });
    this.#documents.set(task, documents);
  }

  /**
   * Takes one file of PIQA's answers, one a line.
   *
   * @throws LabError `bad-suite` that names the line that is neither 0 nor 1
   */
  addLabels(path: string, text: string): void {
    const labels = Array.from(linesOf(text), ({ line, number }) => {
      if (line !== '0' && line !== '1') throw badSuite(`${path}, line ${number}: must be 0 or 1, not "${line}".`);
      return Number(line);
    });
    this.#labels.set(path, labels);
  }

  /**
   * One set for each file, task by task.
   *
   * @throws LabError `bad-suite` that names the line and the field of the first fault, or the file of PIQA's that lacks
   * its other half
   */
  finish(): TaskSet[] {
    this.#joinLabels();
    return [...this.#documents].flatMap(([task, files]) =>
      files.map(({ path, lines }, at) => ({
        task,
        id: at === 0 ? task : `${task}-${at + 1}`,
        label: files.length === 1 ? tasks[task].label : `${tasks[task].label}: ${path}`,
        items: lines.map(({ value, fault }) => tasks[task].read(value, fault)),
      })),
    );
  }

  #joinLabels(): void {
    // Other editions have the answer in each document.
    const files = (this.#documents.get('piqa') ?? []).filter(({ lines }) => !('label' in lines[0].value));
    const left = new Map(this.#labels);
    for (const { path, lines } of files) {
      const expected = path.replace(/\.\w+$/, '-labels.lst');
      // One file of each belong together, whatever they are called.
      const found = files.length === 1 && left.size === 1 ? [...left.keys()][0] : expected;
      const labels = left.get(found);
      if (!labels)
        throw badSuite(
          `${path} holds PIQA’s questions without their answers: ${expected} is missing.`,
          `Choose ${expected} together with ${path}, or leave ${path} out.`,
        );
      if (labels.length !== lines.length)
        throw badSuite(`${found} holds ${labels.length} answers, but ${path} ${lines.length} questions.`);
      lines.forEach(({ value }, at) => {
        value.label = labels[at];
      });
      left.delete(found);
    }
    const [unused] = left.keys();
    if (unused !== undefined) throw badSuite(`${unused} holds answers, but no file of PIQA’s questions belongs to it.`);
  }
}
