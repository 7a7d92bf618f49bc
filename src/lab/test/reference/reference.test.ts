import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../../../cli/session.ts';
import { methodList } from '../../compress/methods/index.ts';
import { describeRecipe, parseRecipe } from '../../compress/recipe.ts';
import type { LabSession } from '../../session.ts';
import {
  firstSubjects,
  hitTolerance,
  logitDifference,
  logitTolerance,
  parseMethodsReference,
  parseReference,
  type ReferenceRun,
  type ReferenceSample,
  sampleRow,
} from './reference.ts';

const folder = new URL('./', import.meta.url);
const ids = readdirSync(folder)
  .filter((name) => name.endsWith('.json') && !name.startsWith('methods-'))
  .map((name) => name.slice(0, -'.json'.length));
const textOf = (id: string) => readFileSync(new URL(`${id}.json`, folder), 'utf8');

/** Rising numbers, for lists whose order says nothing. */
const sorted = (list: readonly number[]) => [...list].sort((a, b) => a - b);
const isUncompressed = ({ steps }: { steps: unknown[] }) => steps.length === 0;

// All runs of all models are `npm run parity`. Here: that the same is asked, logits, and some of the hits.
describe.each(ids)('the lab asks %s what PyTorch asked it', (id) => {
  const reference = parseReference(textOf(id));
  const detailed = reference.runs.filter((run) => run.relations);
  let session: LabSession;
  beforeAll(async () => {
    // Test files run side by side: a second thread mostly waits.
    session = await openSession({ model: id, suite: 'facts', threads: 1 });
  });
  afterAll(() => session.close());

  it('with a model of the same name and family', () => {
    expect(reference).toMatchObject({ model: id, family: session.model.family });
    expect(new Set(detailed.map(({ template }) => template))).toEqual(new Set(session.suite.wordings));
  });

  it.each(detailed.filter(isUncompressed).map((run) => [run.template, run] as const))(
    'as many probes of each relation, in the same order (%s)',
    (template, run) => {
      const { relations, probes } = session.probes(template);
      expect(relations.map(({ id: name, probes: of }) => [name, of])).toEqual(
        Object.entries(run.relations!).map(([name, [, of]]) => [name, of]),
      );
      expect(probes).toHaveLength(run.probes);
    },
  );

  it('in the very same tokens, and accepts the same words, for the first subject of each relation', () => {
    const { relations, probes } = session.probes('seen');
    const samples = reference.samples.filter(isUncompressed);
    expect(samples.map(({ relation }) => relation)).toEqual(relations.map(({ id: name }) => name));
    samples.forEach((sample, number) => {
      const probe = probes.find(({ relation }) => relation === number)!;
      const [[row]] = probe.rows;
      const picks = row.picks.map(({ at, gold }) => ({ at, gold: sorted(gold) }));
      expect([probe.subject, probe.rows.flat().length]).toEqual([sample.subject, 1]);
      expect({ ...row, picks }).toEqual(sampleRow(sample, session.model));
    });
  });

  it.each([...new Set(reference.samples.map(({ steps }) => JSON.stringify(steps)))])(
    'and gets its logits, after %s',
    async (steps) => {
      const samples = reference.samples.filter((sample) => JSON.stringify(sample.steps) === steps);
      await (await session.start()).make(parseRecipe(JSON.parse(steps)));
      const answers = await (await session.start()).logits(samples.map((sample) => sampleRow(sample, session.model)));
      samples.forEach((sample, i) => {
        expect(sample.top).toHaveLength(5);
        expect(logitDifference(sample, answers[i]), sample.relation).toBeLessThanOrEqual(logitTolerance);
      });
    },
  );

  it.each(detailed.map((run, number) => [titleOf(run), run, number] as const))(
    'and gets its hits of some relations, of %s',
    async (_, run, number) => {
      const set = session.probes(run.template);
      // Two relations at a time, another two each time.
      const asked = [0, 1].map((i) => (2 * number + i) * 7 + 2);
      const probes = set.probes.filter(({ relation }) => asked.includes(relation));
      const theirs = asked.map((relation) => run.relations![set.relations[relation].id]);
      await (await session.start()).make(parseRecipe(run.steps));
      const { ranks } = await (await session.start()).predict(probes);
      expect(probes).toHaveLength(theirs.reduce((sum, [, of]) => sum + of, 0));
      const hits = theirs.reduce((sum, [right]) => sum + right, 0);
      expect(Math.abs(ranks.filter((rank) => rank === 1).length - hits)).toBeLessThanOrEqual(
        hitTolerance(probes.length),
      );
    },
  );
});

function titleOf({ steps, template }: ReferenceRun): string {
  return `${describeRecipe(parseRecipe(steps))}; ${template}`;
}

describe('all hits of the smallest model', () => {
  const { runs } = parseReference(textOf('bert-mini'));
  const runOf = (template: ReferenceRun['template'], ...steps: object[]) =>
    runs.find((run) => run.template === template && JSON.stringify(run.steps) === JSON.stringify(steps))!;
  const chosen = [
    // Those with half of the weights removed are the page's own test (e2e/lab.spec.ts).
    runOf('seen'),
    runOf('held-out', { method: 'rtn', scope: 'overall', bits: 4, scheme: 'symmetric', granularity: 'channel' }),
  ];
  let session: LabSession;
  beforeAll(async () => {
    session = await openSession({ model: 'bert-mini', suite: 'facts', threads: 1 });
  });
  afterAll(() => session.close());

  it.each(chosen.map((run) => [titleOf(run), run] as const))(
    'are PyTorch’s: %s',
    async (_, run) => {
      const { result } = await session.run(parseRecipe(run.steps), { wording: run.template });
      expect(result.probes).toBe(run.probes);
      expect(Math.abs(result.hits - run.hits)).toBeLessThanOrEqual(hitTolerance(run.probes));
    },
    300_000,
  );
});

const sample: ReferenceSample = {
  steps: [],
  relation: 'capital',
  subject: 'Peru',
  ids: [2, 7, 4, 3],
  at: 2,
  gold: [9, 11],
  top: [
    [9, 5.5],
    [8, 4],
    [20, 3.25],
  ],
  logSumExp: 6,
};

describe('sampleRow', () => {
  it('reads where the blank stands', () => {
    const row = { ids: sample.ids, target: null, picks: [{ at: 2, gold: [9, 11] }] };
    expect(sampleRow(sample, { family: 'encoder', decoderStart: 0 })).toEqual(row);
    expect(sampleRow(sample, { family: 'decoder', decoderStart: 0 })).toEqual(row);
  });

  it('reads behind the gap’s mark where the second half writes', () => {
    expect(sampleRow(sample, { family: 'encoder-decoder', decoderStart: 6 })).toEqual({
      ids: sample.ids,
      target: [6, 4],
      picks: [{ at: 1, gold: [9, 11] }],
    });
  });
});

describe('logitDifference', () => {
  const same = { ids: sample.top.map(([id]) => id), logits: sample.top.map(([, v]) => v), logSumExp: sample.logSumExp };

  it('finds the largest difference of any logit and of the sum', () => {
    expect(logitDifference(sample, same)).toBe(0);
    expect(logitDifference(sample, { ...same, logSumExp: 5.75 })).toBeCloseTo(0.25, 9);
    const logits = same.logits.map((value, i) => value + (i === 2 ? 0.5 : 0.125));
    expect(logitDifference(sample, { ...same, logits })).toBeCloseTo(0.5, 9);
  });

  it('does not care for the order of near-ties, but misses a word', () => {
    const turned = { ...same, ids: [...same.ids].reverse(), logits: [...same.logits].reverse() };
    expect(logitDifference(sample, turned)).toBe(0);
    expect(logitDifference(sample, { ...same, ids: [...same.ids.slice(1), 1] })).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('hitTolerance', () => {
  it('is three hits, or one in a thousand of many', () => {
    expect(hitTolerance(600)).toBe(3);
    expect(hitTolerance(15_000)).toBe(15);
  });
});

describe('parseReference', () => {
  const reference = {
    format: 'lossy-reference-2',
    model: 'm',
    family: 'encoder',
    torch: '2',
    device: 'cpu',
    runs: [{ template: 'seen', steps: [], hits: 1, probes: 2 }],
    samples: [sample],
  };
  const parse = (change: object) => parseReference(JSON.stringify({ ...reference, ...change }));

  it('reads what reference.py writes', () => {
    expect(parse({})).toEqual(reference);
  });

  it('says where a file has another shape', () => {
    expect(() => parse({ runs: [{ ...reference.runs[0], hits: 'many' }] })).toThrow('runs.0.hits');
    expect(() => parse({ samples: [{ ...sample, at: undefined }] })).toThrow('samples.0.at');
    expect(() => parse({ format: 'lossy-reference-1' })).toThrow('format');
  });
});

describe('parseMethodsReference', () => {
  const reference = {
    format: 'lossy-reference-methods-1',
    model: 'm',
    torch: '2',
    subjects: 56,
    runs: [{ steps: [{ method: 'nf4', scope: 'overall', block: '64' }], hits: 1, probes: 2 }],
  };

  it('reads what accuracy.py writes, and says where a file has another shape', () => {
    expect(parseMethodsReference(JSON.stringify(reference))).toEqual(reference);
    expect(() => parseMethodsReference(JSON.stringify({ ...reference, subjects: 0 }))).toThrow('subjects');
  });
});

describe('firstSubjects', () => {
  it('takes the first of each relation, in their order', () => {
    const probes = [0, 0, 1, 0, 1, 2].map((relation, number) => ({ relation, number }));
    expect(firstSubjects(probes, 2).map(({ number }) => number)).toEqual([0, 1, 2, 4, 5]);
    expect(firstSubjects(probes, 1).map(({ number }) => number)).toEqual([0, 2, 5]);
  });
});

describe.each(['bert-small', 'gpt-small'])('what %s knows after each method', (id) => {
  const text = () => readFileSync(new URL(`methods-${id}.json`, folder), 'utf8');

  it('was asked about as many subjects of each relation, and has a run of every method', () => {
    const { model, subjects, runs } = parseMethodsReference(text());
    const { relations } = parseReference(textOf(id)).runs.find(
      (run) => run.template === 'seen' && isUncompressed(run),
    )!;
    const asked = Object.values(relations!).reduce((sum, [, of]) => sum + Math.min(subjects, of), 0);
    expect(model).toBe(id);
    expect(new Set(runs.map(({ probes }) => probes))).toEqual(new Set([asked]));
    const used = new Set(runs.flatMap(({ steps }) => steps.map(({ method }) => method)));
    const runOfEach = `training/reference/accuracy.py has recipes of every method; python3 -m training.reference.accuracy ${id} runs them`;
    expect([...used].sort(), runOfEach).toEqual(methodList.map((method) => method.id).sort());
  });

  it('has complete recipes: nothing is left to defaults that may change', () => {
    for (const { steps } of parseMethodsReference(text()).runs) {
      const complete = parseRecipe(steps);
      expect(steps.map((step) => Object.keys(step).sort())).toEqual(complete.map((step) => Object.keys(step).sort()));
    }
  });
});
