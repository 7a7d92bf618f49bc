// The lab from a terminal: npm run -s lab -- run|inspect|export ... --json. stdout gets the result alone, stderr the rest.
import { LabError } from '../src/lab/errors.ts';
import { type Options, readArguments, say, usage } from './options.ts';

// Each command loads what it needs when it is given: a wrong option should not wait for the runtime.
const commands: Record<string, (options: Options) => Promise<void>> = {
  run: async (options) => (await import('./run.ts')).run(options),
  inspect: async (options) => (await import('./inspect.ts')).inspect(options),
  export: async (options) => (await import('./export.ts')).exportCommand(options),
};

const { values: given, positionals } = argumentsOrUsage();
const [command] = positionals;
if (given.help) console.log(usage);
else if (positionals.length !== 1 || !Object.hasOwn(commands, command)) {
  say(usage);
  process.exitCode = 2;
} else {
  try {
    await commands[command](given);
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
