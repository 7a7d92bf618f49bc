import { LabError } from '../src/lab/errors.ts';
import { type Options, print, readArguments, say, usage } from './options.ts';

// Each command loads what it needs when it is given: a wrong option should not wait for the runtime.
interface Command {
  run: (options: Options, files: string[]) => Promise<void>;
  /** How many files are named beside it; none if not given. */
  files?: { least: number; most: number };
}

const commands: Record<string, Command> = {
  run: { run: async (options) => (await import('./run.ts')).run(options) },
  inspect: { run: async (options) => (await import('./inspect.ts')).inspect(options) },
  export: { run: async (options) => (await import('./export.ts')).exportCommand(options) },
  study: {
    run: async (options, [plan]) => (await import('./study/study.ts')).study(options, plan),
    files: { least: 1, most: 1 },
  },
  join: {
    run: async (options, files) => (await import('./study/join.ts')).join(options, files),
    files: { least: 1, most: Number.POSITIVE_INFINITY },
  },
};

/**
 * Does what the command line says.
 *
 * @param args what stands behind the program's name
 * @returns the exit code: 0 done, 1 what was wanted is not possible, 2 wrong usage
 */
export async function main(args: readonly string[]): Promise<0 | 1 | 2> {
  let given: ReturnType<typeof readArguments>;
  try {
    given = readArguments(args);
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    return 2;
  }
  const { values, positionals } = given;
  if (values.help) {
    print(usage);
    return 0;
  }
  const [name, ...files] = positionals;
  const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
  const { least, most } = command?.files ?? { least: 0, most: 0 };
  if (!command || files.length < least || files.length > most) {
    say(usage);
    return 2;
  }
  try {
    await command.run(values, files);
    return 0;
  } catch (error) {
    const { kind, message, advice } = LabError.from(error);
    say(`${kind}: ${message}\n${advice}`);
    return 1;
  }
}
