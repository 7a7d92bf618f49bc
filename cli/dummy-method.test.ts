import { describe, expect, it, vi } from 'vitest';
import { catalogueGroups, describeStep, entryOf, searchCatalogue } from '../src/app/recipe/catalogue.ts';
import { problemsOf, shownFields } from '../src/app/recipe/check.ts';
import { curveOf, defaultChoice, levelsOf } from '../src/app/recipe/curve.ts';
import { newStep, withExact } from '../src/app/recipe/steps.ts';
import { choiceWords } from '../src/app/recipe/words.ts';
import { readExploreLink, writeExploreLink } from '../src/app/views/explore/explore-link.ts';
import { controls } from '../src/lab/compress/controls.ts';
import { type MethodId, methodList } from '../src/lab/compress/methods/index.ts';
import { describeRecipe, parseRecipe } from '../src/lab/compress/recipe.ts';
import { parsePlan } from '../src/lab/result/plan.ts';
import { shrink } from '../src/lab/test/dummy/shrink.ts';
import { describeMethods } from './method-table.ts';
import { lab } from './test/fixture.ts';

// What CONTRIBUTING.md promises of a new compression method: a line in the registry, and it is everywhere.

vi.mock(import('../src/lab/compress/methods/index.ts'), async (original) => {
  const index = await original();
  const { shrink } = await import('../src/lab/test/dummy/shrink.ts');
  const methods = { ...index.methods, shrink };
  return {
    ...index,
    methods,
    methodList: Object.values(methods) as typeof index.methodList,
    isMethodId: (id: unknown): id is MethodId => typeof id === 'string' && Object.hasOwn(methods, id),
  };
});

const id = 'shrink' as MethodId;

describe('a method that is added to the registry', () => {
  it('has controls, with words for its choices', () => {
    const [share, only] = controls(shrink);
    expect(share).toMatchObject({ name: 'share', kind: 'number', min: 0, max: 1, step: 0.01 });
    expect(only.kind === 'choice' && only.choices.map((choice) => choiceWords(only, choice))).toEqual([
      'those above zero',
      'every weight',
    ]);
    expect(shownFields(newStep(id)).own.map(({ control }) => control.name)).toEqual(['only']);
  });

  it('is offered under its heading, and found by its words', () => {
    const { entries } = catalogueGroups.find((heading) => heading.id === shrink.group)!;
    expect(entries).toContain(entryOf(id));
    for (const words of ['smaller weights', 'uniform shrinkage', 'of no use'])
      expect(searchCatalogue(words).flatMap((heading) => heading.entries.map((entry) => entry.id))).toContain('shrink');
  });

  it('has levels on the slider, is checked, and is described', () => {
    expect(levelsOf({ method: id }).map(({ label }) => label)).toEqual(['0 %', '25 %', '50 %']);
    expect(problemsOf(newStep(id), null)).toEqual([]);
    expect(problemsOf(withExact(newStep(id), { share: 2 }), null)).toHaveLength(1);
    expect(describeStep({ ...newStep(id), level: 1 })).toBe('weights shrunk by 25 % (all, whole model)');
    expect(describeRecipe(parseRecipe([{ method: 'shrink' }]))).toBe('weights shrunk by 50 % (all, whole model)');
  });

  it('is in links, and comes back from them', () => {
    const step = { ...newStep(id), params: { only: 'positive' }, level: 2 };
    const choice = { ...defaultChoice, steps: [step] };
    const link = writeExploreLink(choice, { relation: null, probe: null });
    expect(link).toContain('steps=shrink,overall,2,only=positive');
    expect(readExploreLink(link).choice).toEqual(choice);
    expect(curveOf(choice)).toHaveLength(3);
  });

  it('runs over its levels in a study', () => {
    const plan = {
      models: ['bert-mini'],
      suite: 'facts',
      recipes: [{ grid: [{ method: 'shrink', levels: 'axis' }] }],
    };
    expect(parsePlan(JSON.stringify(plan), 'plan.json').recipes).toEqual(
      [0.25, 0.5].map((share) => parseRecipe([{ method: 'shrink', share }])),
    );
  });

  it('is run by the command line, which names it and its parameters in refusals', async () => {
    const run = (...steps: object[]) =>
      lab(
        ...['run', '--model', 'bert-mini', '--suite', 'facts', '--template', 'seen', '--limit', '10', '--threads', '1'],
        ...['--json', '--recipe', JSON.stringify(steps)],
      );
    const { code, stdout, stderr } = await run({ method: 'shrink', share: 0.25 });
    expect([code, stderr]).toEqual([0, expect.stringContaining('weights shrunk by 25 % (all, whole model)')]);
    expect(JSON.parse(stdout)).toMatchObject({ probes: 10, recipe: [{ method: 'shrink', only: 'all' }] });
    expect((await run({ method: 'none' })).stderr).toContain(', shrink.');
    expect((await run({ method: 'shrink', only: 'some' })).stderr).toContain('allowed: positive, all.');
  });

  it('has a row in the table of methods', () => {
    const text = describeMethods(methodList, { timeOf: () => '1 ms', machine: 'a machine' });
    const row = text.split('\n').find((line) => line.includes('`shrink`'));
    expect(row).toMatch(
      /uniform shrinkage .*Nobody 2026.*weights alone .*only: positive, all .* none .* no reference /,
    );
  });
});
