import { duration } from './numbers.ts';
import type { BenchPart } from './parts/part.ts';
import type { BenchEntry, BenchResults } from './results.ts';

const intro = `# What was measured

Written by \`npm run bench\` from [results.json](results.json); [README.md](README.md) says what each part does. Each part has
the numbers of its latest run, with that run's date and machine. Times are medians over the rounds, with the least and the
most in parentheses; only ratios mean something on another machine.`;

/** RESULTS.md. Parts that were never run are left out. */
export function renderResults(parts: readonly BenchPart[], results: BenchResults): string {
  const sections = parts.flatMap(({ id, title, render }) => {
    const entry = results.parts[id];
    return entry ? [`## ${title}\n\n${renderConditions(id, entry)}\n\n${render(entry.data)}`] : [];
  });
  return `${[intro, ...sections].join('\n\n')}\n`;
}

function renderConditions(id: string, { date, machine, versions, quick, rounds, seconds }: BenchEntry): string {
  const { processor, cores, usable, gigabytes, system } = machine;
  const lines = [
    `\`${id}\`, ${date.slice(0, 10)}, ${processor} (${usable} of ${cores} cores, ${gigabytes} GB, ${system}); ` +
      `${rounds} ${rounds === 1 ? 'round' : 'rounds'}, ${duration(seconds)} in all.`,
    `${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
    ...(quick ? ['**A quick run: it shows that the part works, and little more.**'] : []),
  ];
  return lines.join('\n');
}
