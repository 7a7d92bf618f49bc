import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './setup.mjs';

/** Adds lines to a file of a copy: imports at its beginning, a line of a registry behind the one that is named. */
function register(file: string, line: string, after: string, added: string) {
  const text = readFileSync(file, 'utf8');
  expect(text.split(after)).toHaveLength(2);
  writeFileSync(file, `${line}\n${text.replace(after, `${after}\n${added}`)}`);
}

// What CONTRIBUTING.md promises: a file and a line of its registry are all that the compiler wants of a new one.
test('a method and a family compile with the rest, with no other file touched', () => {
  mkdirSync(join(root, 'test-results'), { recursive: true });
  const copy = mkdtempSync(join(root, 'test-results/extend-'));
  try {
    for (const part of ['src', 'workers'])
      cpSync(join(root, part), join(copy, part), {
        recursive: true,
        filter: (path) => !/\.test\.tsx?$|test\/(tiny|golden|reference)\/.*json$/.test(path),
      });
    const lab = join(copy, 'src/lab');
    const dummy = (name: string) => readFileSync(join(lab, 'test/dummy', name), 'utf8');

    writeFileSync(join(lab, 'compress/methods/shrink.ts'), dummy('shrink.ts'));
    const methods = join(lab, 'compress/methods/index.ts');
    register(methods, "import { shrink } from './shrink.ts';", '  sparsegpt,', '  shrink,');

    writeFileSync(join(lab, 'family/reader.ts'), dummy('reader.ts').replaceAll('../../family/', './'));
    const families = join(lab, 'family/index.ts');
    register(families, "import { reader } from './reader.ts';", '  decoder,', '  reader,');

    const use = `import type { MethodId } from './lab/compress/methods/index.ts';
import type { ScopeId } from './lab/compress/scope.ts';
import type { FamilyId } from './lab/family/index.ts';
export const known: [MethodId, FamilyId, ScopeId] = ['shrink', 'reader', 'reading-attention'];
`;
    writeFileSync(join(copy, 'src/use.ts'), use);
    writeFileSync(join(copy, 'src/misuse.ts'), use.replace("'reader'", "'writer'"));
    const options = {
      extends: '../../tsconfig.app.json',
      include: ['src/app', 'src/ui', 'src/use.ts', 'src/misuse.ts'],
    };
    writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify(options));
    const { stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', copy]);
    const errors = String(stdout).split('\n').filter(Boolean);
    expect(errors).toEqual([expect.stringMatching(/misuse\.ts.*TS2322.*"writer"/)]);
  } finally {
    rmSync(copy, { recursive: true });
  }
}, 180_000);
