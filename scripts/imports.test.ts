import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { appFloors, labFloors, sourceFolders } from './floors.ts';
import { importCircles, readImports, upwardImports } from './import-graph.ts';
import { root } from './setup.mjs';

const graph = readImports(root, sourceFolders);

/** The graph of a tree that has these files alone. */
function graphOf(files: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'lossy-imports-'));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    return readImports(folder, ['src']);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('all sources are looked at', () => {
  expect(graph.size).toBeGreaterThan(500);
  // A file that was read wrongly would import what is not there.
  const missing = [...graph].flatMap(([file, targets]) =>
    targets
      .filter((target) => /\.(ts|tsx|mjs)$/.test(target) && !target.endsWith('_pb.ts') && !graph.has(target))
      .map((target) => `${file} imports ${target}`),
  );
  expect(missing).toEqual([]);
});

test('files do not import each other in circles', () => {
  expect(importCircles(graph)).toEqual([]);
});

test.each([labFloors, appFloors])('imports inside $folder go down', (floors) => {
  expect(upwardImports(graph, floors)).toEqual([]);
});

test('only tests, the bench and the programs beside it import src/lab/test', () => {
  const allowed = /\.test\.tsx?$|\/test\/|^(bench|e2e)\/|^cli\/(parity|methods|method-table|synthetic)\.ts$/;
  const faults = [...graph].flatMap(([file, targets]) =>
    targets.some((target) => target.startsWith('src/lab/test/')) && !allowed.test(file) ? [file] : [],
  );
  expect(faults).toEqual([]);
});

test.each([
  ['import', "import { b } from './b.ts';"],
  ['import of a type', "import type { B } from './b.ts';"],
  ['export', "export { b } from './b.ts';"],
  ['export of all', "export * from './b.ts';"],
  ['import for its effect', "import './b.ts';"],
  ['import when it is needed', "export const b = () => import('./b.ts');"],
  ['type by import()', "export type B = import('./b.ts').B;"],
])('a circle through an %s is found', (_, text) => {
  const circle = graphOf({
    'src/a.ts': text,
    'src/b.ts': "import { c } from './c.ts';",
    'src/c.ts': "export * from './a.ts';",
  });
  expect(importCircles(circle)).toEqual([['src/a.ts', 'src/b.ts', 'src/c.ts']]);
});

test('files that share what they import are no circle', () => {
  const diamond = graphOf({
    'src/a.ts': "import './b.ts';\nimport './c.ts';",
    'src/b.ts': "import './d.ts';",
    'src/c.ts': "import './d.ts';",
    'src/d.ts': "// import './a.ts';\nexport const text = \"import './a.ts'\";",
  });
  expect(importCircles(diamond)).toEqual([]);
});

test.each([
  ['up', 'src/lab/model/a.ts', "import { x } from '../export/b.ts';"],
  ['up, for a type', 'src/lab/metrics/a.ts', "import type { X } from '../probe/b.ts';"],
  ['across', 'src/lab/metrics/a.ts', "import { x } from '../onnx/b.ts';"],
  ['into the tests', 'src/lab/probe/a.ts', "import { x } from '../test/b.ts';"],
])('an import that goes %s is found', (_, file, text) => {
  expect(upwardImports(graphOf({ [file]: text }), labFloors)).toHaveLength(1);
});

test('a file without a floor is found', () => {
  expect(upwardImports(graphOf({ 'src/lab/attic/a.ts': '' }), labFloors)).toEqual([
    'src/lab/attic/a.ts is on no floor',
  ]);
});

test.each([
  ['down', 'src/lab/export/a.ts', "import { x } from '../model/b.ts';"],
  ['inside its room', 'src/lab/compress/methods/a.ts', "import { x } from '../shared/b.ts';"],
  ['anywhere, for a test', 'src/lab/model/a.test.ts', "import { x } from '../export/b.ts';"],
])('an import that goes %s is no fault', (_, file, text) => {
  expect(upwardImports(graphOf({ [file]: text }), labFloors)).toEqual([]);
});
