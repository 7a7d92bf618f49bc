import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { parseSync } from 'vite';

/** What each file imports: paths from the root, with forward slashes. Packages are left out, types are not. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

const isSource = (name: string) => /\.(ts|tsx|mjs)$/.test(name) && !name.endsWith('.d.ts');
const notOurs = new Set(['node_modules', 'gen', 'out']);

function sourcesIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : sourcesIn(root, path);
    return isSource(entry.name) ? [path] : [];
  });
}

/** The `import('…').X` that name a type, anywhere in a syntax tree. */
function importTypes(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const below = Object.values(node).flatMap(importTypes);
  return 'type' in node && node.type === 'TSImportType' && 'source' in node
    ? [(node.source as { value: string }).value, ...below]
    : below;
}

function specifiersOf(file: string, text: string): string[] {
  const { module, program, comments, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  // JavaScript names its types in comments.
  const typed = file.endsWith('.mjs')
    ? comments.flatMap(({ value }) => [...value.matchAll(/\bimport\('([^']+)'\)/g)])
    : [];
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => text.slice(start + 1, end - 1)),
    ...(text.includes('import(') ? importTypes(program) : []),
    ...typed.map(([, specifier]) => specifier),
  ];
}

/**
 * Reads what the files of these folders import from each other.
 *
 * @param folders relative to the root
 * @throws Error where a file does not parse
 */
export function readImports(root: string, folders: readonly string[]): ImportGraph {
  return new Map(
    folders
      .filter((folder) => existsSync(join(root, folder)))
      .flatMap((folder) => sourcesIn(root, folder))
      .map((file) => {
        const targets = specifiersOf(file, readFileSync(join(root, file), 'utf8'))
          .filter((specifier) => specifier.startsWith('.'))
          .map((specifier) => posix.join(dirname(file), specifier));
        return [file, [...new Set(targets)]];
      }),
  );
}

/**
 * Groups of files that import each other, directly or through others: the strongly connected components with more than
 * one file (Tarjan 1972).
 */
export function importCircles(graph: ImportGraph): string[][] {
  const circles: string[][] = [];
  const indexes = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const visit = (file: string): number => {
    const index = indexes.size;
    indexes.set(file, index);
    lowest.set(file, index);
    stack.push(file);
    for (const target of graph.get(file) ?? []) {
      const reached = !indexes.has(target) ? visit(target) : stack.includes(target) ? indexes.get(target)! : index;
      lowest.set(file, Math.min(lowest.get(file)!, reached));
    }
    if (lowest.get(file) === index) {
      const members = stack.splice(stack.indexOf(file));
      if (members.length > 1) circles.push(members.sort());
    }
    return lowest.get(file)!;
  };
  for (const file of graph.keys()) if (!indexes.has(file)) visit(file);
  return circles;
}

/** A house of floors, lowest first; rooms on one floor do not import each other. */
export interface Floors {
  /** The folder whose entries are the rooms. */
  folder: string;
  /** Names of files and folders in it. */
  floors: readonly (readonly string[])[];
  /** Rooms that may import everything, and that nothing outside imports. */
  besides?: readonly string[];
}

const isTest = (file: string) => file.includes('.test.');

/**
 * Imports that go up, or across a floor, and files without a floor, as sentences. Tests may import what they like.
 */
export function upwardImports(graph: ImportGraph, { folder, floors, besides = [] }: Floors): string[] {
  const roomOf = (file: string) => file.slice(folder.length + 1).split('/')[0];
  const floorOf = new Map(floors.flatMap((rooms, floor) => rooms.map((room) => [room, floor] as const)));
  const faults: string[] = [];
  for (const [file, targets] of graph) {
    if (!file.startsWith(`${folder}/`) || isTest(file)) continue;
    const room = roomOf(file);
    if (besides.includes(room)) continue;
    const floor = floorOf.get(room);
    if (floor === undefined) {
      faults.push(`${file} is on no floor`);
      continue;
    }
    for (const target of targets) {
      if (!target.startsWith(`${folder}/`)) continue;
      const other = roomOf(target);
      const reached = floorOf.get(other) ?? Number.POSITIVE_INFINITY;
      if (other !== room && reached >= floor) faults.push(`${file} imports ${target}`);
    }
  }
  return faults;
}
