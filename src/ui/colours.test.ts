import { readFileSync } from 'node:fs';
import {
  type Color,
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
  parse,
  wcagContrast,
} from 'culori';
import { describe, expect, it } from 'vitest';

const difference = differenceCiede2000();
/** How those see who lack one kind of cone (Machado et al. 2009), and those who have all. */
const eyes: Record<string, (colour: Color) => Color> = {
  'all cones': (colour) => colour,
  'no red cones (protanopia)': filterDeficiencyProt(1),
  'no green cones (deuteranopia)': filterDeficiencyDeuter(1),
  'no blue cones (tritanopia)': filterDeficiencyTrit(1),
};

/** The values that style sheets give to properties, for a scheme: its own, where there are two. */
function valuesOf(name: RegExp, isDark: boolean): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of ['shell.css', 'theme.css', 'views/curves/curves.module.css']) {
    const css = readFileSync(new URL(file, import.meta.url), 'utf8').replace(/\/\*.*?\*\//gs, '');
    // More contrast is another wish than a scheme: its colours are further apart.
    const plain = css.replace(/@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g, '');
    for (const [, selector, body] of plain.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
      if (selector.includes('dark') && !isDark) continue;
      for (const [, property, value] of body.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6})/g))
        if (name.test(property)) found.set(property, value);
    }
  }
  return found;
}

/** The pair of colours that is hardest to tell apart. */
function closest(colours: ReadonlyMap<string, string>, see: (colour: Color) => Color) {
  const seen = [...colours].map(([name, value]) => ({ name, colour: see(parse(value)!) }));
  const pairs = seen.flatMap((a, at) =>
    seen.slice(at + 1).map((b) => ({ pair: [a.name, b.name], by: difference(a.colour, b.colour) })),
  );
  return pairs.reduce((least, pair) => (pair.by < least.by ? pair : least));
}

const papers = { light: '#ffffff', dark: '#242424' };
const sets: Record<string, [names: RegExp, count: number]> = {
  'lines of Curves': [/^--curves-\d$/, 8],
  families: [/^--lossy-(encoder|encoder-decoder|decoder)$/, 3],
  'what became of facts': [/^--lossy-(known|forgotten|learned|never)$/, 4],
};

// Colour is never alone: lines have dashes and markers of their own, facts have shapes. A difference of 10 is seen at a
// glance; 2.3 is one that is just noticed (Mahy et al. 1994).
describe.each(Object.entries(sets))('the colours of %s', (_, [names, count]) => {
  describe.each(['light', 'dark'] as const)('in the %s scheme', (scheme) => {
    const colours = valuesOf(names, scheme === 'dark');

    it('are all there, and stand out from the paper', () => {
      expect(colours.size).toBe(count);
      // A sign that is not a word: WCAG 2.2, 1.4.11. What was never known is meant to stand back.
      for (const [name, value] of colours)
        expect(wcagContrast(value, papers[scheme]), name).toBeGreaterThanOrEqual(name.endsWith('never') ? 2 : 3);
    });

    it.each(Object.entries(eyes))('are told apart with %s', (_, see) => {
      const { pair, by } = closest(colours, see);
      expect(by, pair.join(' and ')).toBeGreaterThanOrEqual(12);
    });
  });
});
