// What asking and compressing cost against the number of probes, of parameters and of levels.
import * as ort from 'onnxruntime-web';
import { openModel, openSuite } from '../../cli/folder.ts';
import { encoderShapes } from '../encoder.ts';
import { firstProbes, Lab, manyProbes } from '../lab.ts';
import { secondsOf } from '../numbers.ts';
import type { Measured } from '../parts/part.ts';
import type { ScaleData } from '../parts/scale.ts';
import { answer } from '../program.ts';
import { levelAt } from '../recipes.ts';
import { syntheticEncoder } from '../synthetic.ts';

type Series = ScaleData['series'][number];

const probesOfLevel = 192;

/**
 * Times what something costs at each x: one untimed turn of the first, then in every round each in its turn.
 *
 * @param xs rising
 */
async function timed(
  xs: readonly number[],
  rounds: number,
  work: (x: number) => Promise<unknown>,
): Promise<Series['points']> {
  const points = xs.map((x) => ({ x, seconds: [] as number[] }));
  await work(xs[0]);
  for (let round = 0; round < rounds; round++)
    for (const point of points) point.seconds.push(await secondsOf(() => work(point.x)));
  return points;
}

await answer(async ({ quick, rounds, threads }): Promise<Measured<ScaleData>> => {
  const suite = await openSuite('facts');

  const small = await openModel('bert-small');
  const lab = await Lab.open(ort, small, threads);
  const counts = quick ? [250, 500, 1000, 2000] : [1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];
  const many = manyProbes(small, suite, counts[counts.length - 1]);
  const probes = await timed(counts, rounds, (count) => lab.predict(many.slice(0, count)));

  const few = firstProbes(small, suite, probesOfLevel);
  const levels = await timed(quick ? [1, 2, 4, 8] : [1, 2, 4, 8, 16, 32, 64], rounds, async (count) => {
    for (let level = 0; level < count; level++) {
      await lab.compress(levelAt(level, count));
      await lab.predict(few);
    }
  });
  await lab.close();

  // One size after the other: all at once would not fit the runtime's memory.
  const asking: Series['points'] = [];
  const compressing: Series['points'] = [];
  for (const size of quick ? ([1, 3, 9] as const) : ([1, 3, 9, 28, 90] as const)) {
    const model = await syntheticEncoder(encoderShapes[size]);
    const lab = await Lab.open(ort, model, threads);
    const asked = firstProbes(model, suite, probesOfLevel);
    const [ask, compress] = [[] as number[], [] as number[]];
    for (let round = 0; round <= rounds; round++) {
      const compressed = await secondsOf(() => lab.compress(levelAt(round, rounds + 1)));
      const answered = await secondsOf(() => lab.predict(asked));
      // Round 0 is not timed.
      if (round === 0) continue;
      compress.push(compressed);
      ask.push(answered);
    }
    await lab.close();
    asking.push({ x: model.parameters, seconds: ask });
    compressing.push({ x: model.parameters, seconds: compress });
  }
  return {
    versions: { Node: process.versions.node, 'onnxruntime-web': String(ort.env.versions.web) },
    data: {
      threads,
      series: [
        { name: 'Asking bert-small, against probes', unit: 'probes', points: probes },
        { name: `Asking ${probesOfLevel} probes, against parameters`, unit: 'parameters', points: asking },
        { name: 'A new level (magnitude-global), against parameters', unit: 'parameters', points: compressing },
        {
          name: `Levels of bert-small, each compressed and asked ${probesOfLevel} probes`,
          unit: 'levels',
          points: levels,
        },
      ],
    },
  };
});
