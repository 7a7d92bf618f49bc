import { describe, expect, it } from 'vitest';
import { parseRecipe } from '../../../lab/compress/recipe.ts';
import { problemsOf } from '../../recipe/check.ts';
import { hasScope } from '../../recipe/offers.ts';
import { modelOf, models } from '../../shipped.ts';
import { mostLines, presetChoice } from './curves-choice.ts';
import { linesOf, optionsOf, placesOfLine } from './lines.ts';
import { isFor, presetIds, presetOf } from './presets.ts';

const cases = presetIds.flatMap((id) =>
  models.filter(({ id: model }) => isFor(id, model)).map(({ id: model }) => [id, model] as const),
);

describe('the paper’s experiments', () => {
  it('are there for its sections 4.1 to 4.4, each for some model that is shipped', () => {
    expect([...new Set(presetIds.map((id) => presetOf(id).section))]).toEqual(['4.1', '4.2', '4.3', '4.4']);
    expect(new Set(cases.map(([id]) => id))).toEqual(new Set(presetIds));
  });

  it.each(cases)('%s has recipes that %s can have, and the level that it asks about', (id, model) => {
    const choice = presetChoice(id, { model, suite: 'facts', template: 'seen' });
    const { asks } = presetOf(id);
    const lines = linesOf(choice, () => null);
    expect(choice.series[0].model).toBe(model);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.length).toBeLessThanOrEqual(mostLines);
    expect(new Set(lines.map(({ label }) => label)).size).toBe(lines.length);
    for (const line of lines) {
      const { steps } = line.series;
      expect(line.isAbsent).toBe(false);
      expect(steps.every(({ scope }) => hasScope(scope, modelOf(line.series.model)!.family))).toBe(true);
      expect(steps.flatMap((step) => problemsOf(step, null))).toEqual([]);
      const places = placesOfLine(line);
      for (const { recipe } of places) expect(parseRecipe(recipe)).toEqual(recipe);
      if (asks.what !== 'half') expect(places.map(({ place }) => place)).toContain(asks.at);
    }
    if (choice.by !== 'series') {
      const offered = optionsOf(choice, () => null).map(({ id: option }) => option);
      expect(choice.of.filter((option) => !offered.includes(option))).toEqual([]);
    }
  });

  it('compare each two lines where pairs are asked: pruned, then pruned and rounded on the same layers', () => {
    const lines = linesOf(
      presetChoice('prune-then-quantize', { model: 'bert-mini', suite: 'facts', template: 'seen' }),
      () => null,
    );
    for (let i = 0; i < lines.length; i += 2) {
      const [pruned, both] = [lines[i].series.steps, lines[i + 1].series.steps];
      expect(both[0]).toEqual(pruned[0]);
      expect(both[1].scope).toBe(pruned[0].scope);
    }
  });
});
