import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { openModel, openSuite } from '../../../cli/folder.ts';
import { NodeSession } from '../../../cli/session.ts';
import { isMethodId } from '../compress/index.ts';
import { describeRecipe, parseRecipe } from '../compress/recipe.ts';
import { hitTolerance, logitDifference, logitTolerance, parseReference, type ReferenceRun } from './reference.ts';

const text = readFileSync(new URL('./bert-small.json', import.meta.url), 'utf8');
const reference = parseReference(text);
const relations = Object.keys(reference.runs[0].relations);

/** Quantizes activations over whole padded batches: the lab does not have it. */
const notOurs = 'torch-dynamic-int8';
const runs = reference.runs.filter(({ steps }) => steps.every(({ method }) => method !== notOurs));

/** Runs that differ only in how much is removed, in granularity, scheme and wording. */
function alike(entries: readonly ReferenceRun[]): ReferenceRun[][] {
  const groups = new Map<string, ReferenceRun[]>();
  for (const run of entries) {
    const key = JSON.stringify(run.steps, (name, value) =>
      ['sparsity', 'granularity', 'scheme'].includes(name) ? undefined : value,
    );
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()];
}

/** One or two of each kind, at changing places; of two, one in each wording, which stand in turn in the file. */
const chosen = alike(runs)
  .flatMap((group, number) => {
    const first = (5 * number) % group.length;
    const second = (first + 2 * Math.floor(group.length / 4) + 1) % group.length;
    const onlyRounding = group[0].steps.length === 1 && group[0].steps[0].method === 'rtn';
    return (onlyRounding ? [first] : [first, second]).map((place) => group[place]);
  })
  .map((run, number) => ({
    run,
    recipe: parseRecipe(run.steps),
    // Three of 29 relations at a time, another three each time.
    asked: [0, 1, 2].map((i) => relations[(3 * number + i) % relations.length]),
  }))
  .map((entry) => ({ ...entry, title: `${describeRecipe(entry.recipe)}; ${entry.run.template}: ${entry.asked}` }));

describe('the runs compared here', () => {
  const valuesOf = (entries: readonly ReferenceRun[]) => {
    const found = new Map<string, Set<unknown>>();
    const note = (name: string, value: unknown) => found.set(name, (found.get(name) ?? new Set()).add(value));
    for (const { steps, template } of entries) {
      note('template', template);
      note('order', steps.map(({ method }) => method).join());
      for (const step of steps) for (const [name, value] of Object.entries(step)) note(name, value);
      if (steps.length === 1) note('method and scope', `${steps[0].method} ${steps[0].scope}`);
    }
    return found;
  };

  it('have each method, scope, share, width, granularity, scheme and wording of the reference', () => {
    expect(chosen.length).toBeGreaterThanOrEqual(44);
    expect(new Set(chosen.map(({ run }) => run)).size).toBe(chosen.length);
    expect(valuesOf(chosen.map(({ run }) => run))).toEqual(valuesOf(runs));
  });

  it('ask for each relation several times', () => {
    for (const relation of relations)
      expect(chosen.filter(({ asked }) => asked.includes(relation)).length, relation).toBeGreaterThanOrEqual(3);
  });

  it('leave out nothing but torch’s dynamic int8', () => {
    const unknown = reference.runs.filter(({ steps }) => !steps.every(({ method }) => isMethodId(method)));
    expect(unknown).toHaveLength(6);
    for (const { steps } of unknown) expect(steps.at(-1)?.method).toBe(notOurs);
    expect(runs).toHaveLength(reference.runs.length - unknown.length);
  });
});

describe('the lab gives what PyTorch gave', () => {
  let session: NodeSession;
  beforeAll(async () => {
    session = await NodeSession.open(await openModel('bert-small'), await openSuite('facts'), 2);
  });

  it.each([...new Set(reference.samples.map(({ steps }) => JSON.stringify(steps)))])(
    'in the logits of one probe of each relation, after %s',
    async (steps) => {
      const samples = reference.samples.filter((sample) => JSON.stringify(sample.steps) === steps);
      expect(samples.map(({ relation }) => relation).sort()).toEqual([...relations].sort());
      await session.prober.compress(parseRecipe(JSON.parse(steps)));
      const { mask } = session.model.tokenizer;
      const answers = await session.prober.logits(
        samples.map(({ ids, gold }) => ({ ids, gold, mask: ids.indexOf(mask.id) })),
      );
      samples.forEach((sample, i) => {
        expect(sample.top).toHaveLength(5);
        expect(logitDifference(sample, answers[i]), sample.relation).toBeLessThanOrEqual(logitTolerance);
      });
    },
  );

  it.each(chosen.map((entry) => [entry.title, entry] as const))('%s', async (_, { run, recipe, asked }) => {
    const set = session.probes(run.template);
    const numbers = asked.map((id) => set.relations.findIndex((relation) => relation.id === id));
    const probes = set.probes.filter(({ relation }) => numbers.includes(relation));
    await session.prober.compress(recipe);
    const { ranks } = await session.prober.predict(probes);
    const [hits, of] = asked.reduce(
      ([sum, all], id) => [sum + run.relations[id][0], all + run.relations[id][1]],
      [0, 0],
    );
    expect(probes).toHaveLength(of);
    expect(Math.abs(ranks.filter((rank) => rank === 1).length - hits)).toBeLessThanOrEqual(hitTolerance);
  });
});

describe('logitDifference', () => {
  const [sample] = reference.samples;
  const same = { ids: sample.top.map(([id]) => id), logits: sample.top.map(([, v]) => v), logSumExp: sample.logSumExp };

  it('finds the largest difference of any logit and of the sum', () => {
    expect(logitDifference(sample, same)).toBe(0);
    expect(logitDifference(sample, { ...same, logSumExp: sample.logSumExp - 0.25 })).toBeCloseTo(0.25, 9);
    const logits = same.logits.map((value, i) => value + (i === 3 ? 0.5 : 0.125));
    expect(logitDifference(sample, { ...same, logits })).toBeCloseTo(0.5, 9);
  });

  it('does not care for the order of near-ties, but misses a word', () => {
    const turned = { ...same, ids: [...same.ids].reverse(), logits: [...same.logits].reverse() };
    expect(logitDifference(sample, turned)).toBe(0);
    expect(logitDifference(sample, { ...same, ids: [...same.ids.slice(1), 1] })).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('parseReference', () => {
  it('says where a file has another shape', () => {
    const broken = JSON.parse(text);
    broken.runs[2].hits = 'many';
    expect(() => parseReference(JSON.stringify(broken))).toThrow('runs.2.hits');
  });
});
