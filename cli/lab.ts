// The lab from a terminal: npm run -s lab -- run|inspect|export|study|join ... --json. stdout gets the result alone, stderr the rest.
import { LabError } from '../src/lab/errors.ts';
import { type Options, readArguments, say, usage } from './options.ts';

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

const { values: given, positionals } = argumentsOrUsage();
const [name, ...files] = positionals;
const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
const { least, most } = command?.files ?? { least: 0, most: 0 };
if (given.help) console.log(usage);
else if (!command || files.length < least || files.length > most) {
  say(usage);
  process.exitCode = 2;
} else {
  try {
    await command.run(given, files);
    // The runtime's threads would keep the process alive; what was printed has to be out before it ends.
    process.stdout.write('', () => process.exit(0));
  } catch (error) {
    const { kind, message, advice } = LabError.from(error);
    say(`${kind}: ${message}\n${advice}`);
    process.exit(1);
  }
}

function argumentsOrUsage(): ReturnType<typeof readArguments> {
  try {
    return readArguments();
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}
