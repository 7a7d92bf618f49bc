import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const here = import.meta.dirname;
const library = join(here, '../../node_modules/@mantine/core/styles');

/** The components of the library that a source imports. */
const imported = (source: string) =>
  [...source.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)].flatMap(([, names]) =>
    names.split(',').map((name) => name.trim().replace(/^type /, '')),
  );

it('the styles of every component that the page uses are among those that it loads', () => {
  const sources = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.tsx'));
  const used = new Set(sources.flatMap((path) => imported(readFileSync(join(here, path), 'utf8'))));
  const styled = [...used].filter((name) => existsSync(join(library, `${name}.layer.css`)));
  expect(styled).toContain('Button');
  const loaded = readFileSync(join(here, 'styles.ts'), 'utf8');
  expect(styled.filter((name) => !loaded.includes(`/${name}.layer.css`))).toEqual([]);
});
