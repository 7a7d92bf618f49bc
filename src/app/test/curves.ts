import { parseReference } from '../../lab/test/reference/reference.ts';

/** A curve that PyTorch measured with every probe of the suite. */
export interface MeasuredCurve {
  name: string;
  /** The least compressed first; the uncompressed model is the first of them. */
  levels: { x: number; hits: number; probes: number; share: number }[];
}

/** Fewer levels than this make no curve. */
const fewest = 4;

const texts = import.meta.glob<string>(
  ['../../lab/test/reference/*.json', '!../../lab/test/reference/methods-*.json'],
  {
    eager: true,
    query: '?raw',
    import: 'default',
  },
);

/** Every run of one step in the references, by what it has in common with the others of its curve. */
export function measuredCurves(): MeasuredCurve[] {
  return Object.values(texts).flatMap((text) => {
    const { model, runs } = parseReference(text);
    const curves = new Map<string, { x: number; hits: number; probes: number }[]>();
    for (const { template, steps, hits, probes } of runs) {
      if (steps.length !== 1) continue;
      const { sparsity, bits, ...rest } = steps[0] as { sparsity?: number; bits?: number };
      const name = JSON.stringify({ model, template, ...rest });
      curves.set(name, [...(curves.get(name) ?? []), { x: sparsity ?? -bits!, hits, probes }]);
    }
    return [...curves].flatMap(([name, levels]) => {
      if (levels.length < fewest) return [];
      const { template } = JSON.parse(name) as { template: string };
      const { hits, probes } = runs.find((run) => run.template === template && run.steps.length === 0)!;
      levels.sort((a, b) => a.x - b.x);
      // As the page places it: no sparsity, or two bits beyond the widest.
      const first = { x: levels[0].x < 0 ? levels[0].x - 2 : 0, hits, probes };
      return [{ name, levels: [first, ...levels].map((level) => ({ ...level, share: level.hits / level.probes })) }];
    });
  });
}
