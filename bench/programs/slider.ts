// From a new level to an estimate, at several sizes.
import * as ort from 'onnxruntime-web';
import { openSuite } from '../../cli/folder.ts';
import type { Recipe } from '../../src/lab/compress/recipe.ts';
import { encoderShapes } from '../encoder.ts';
import { firstProbes, Lab } from '../lab.ts';
import { secondsOf } from '../numbers.ts';
import type { Measured } from '../parts/part.ts';
import type { SliderData } from '../parts/slider.ts';
import { answer } from '../program.ts';
import { levelAt, roundedTo4 } from '../recipes.ts';
import { syntheticEncoder } from '../synthetic.ts';

await answer(async ({ quick, rounds, threads }): Promise<Measured<SliderData>> => {
  const suite = await openSuite('facts');
  const models: SliderData['models'] = [];
  for (const size of quick ? ([1, 9] as const) : ([1, 9, 90] as const)) {
    const model = await syntheticEncoder(encoderShapes[size]);
    const probes = firstProbes(model, suite, 192);
    const lab = await Lab.open(ort, model, threads);
    const levels: SliderData['models'][number]['levels'] = [
      { name: 'a share removed, smallest first (magnitude-global)', ready: [], first: [], more: [] },
      { name: '4 bits, one scale a row (rtn)', ready: [], first: [], more: [] },
    ];
    const move = async (recipe: Recipe, level?: (typeof levels)[number]) => {
      const ready = await secondsOf(() => lab.compress(recipe));
      const first = await secondsOf(() => lab.predict(probes.slice(0, 64)));
      const more = await secondsOf(() => lab.predict(probes.slice(64)));
      level?.ready.push(ready);
      level?.first.push(first);
      level?.more.push(more);
    };
    // Round 0 is not timed. The two kinds of level take turns, so that every one is new to the model.
    for (let round = 0; round <= rounds; round++) {
      const recipes = [levelAt(round, rounds + 1), roundedTo4];
      for (const [at, recipe] of recipes.entries()) await move(recipe, round > 0 ? levels[at] : undefined);
    }
    await lab.close();
    models.push({ parameters: model.parameters, levels });
  }
  return {
    versions: { Node: process.versions.node, 'onnxruntime-web': String(ort.env.versions.web) },
    data: { threads, models },
  };
});
