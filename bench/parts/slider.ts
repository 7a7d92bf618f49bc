import { z } from 'zod';
import { markdownTable } from '../../cli/markdown.ts';
import { durations, millions } from '../numbers.ts';
import { runProgram, usualThreads } from '../program.ts';
import { definePart } from './part.ts';

const seconds = z.array(z.number()).min(1);

/** What was timed of models of several sizes. */
export const modelsSchema = z.array(
  z.object({
    parameters: z.int(),
    levels: z.array(
      z.object({
        name: z.string(),
        /** Until the weights are ready, from there until 64 probes are answered, and until 128 more are. */
        ready: seconds,
        first: seconds,
        more: seconds,
      }),
    ),
  }),
);

export const sliderSchema = z.object({ threads: z.int(), models: modelsSchema });
export type SliderData = z.output<typeof sliderSchema>;

const added = (...times: readonly number[][]) => times[0].map((_, i) => times.reduce((sum, list) => sum + list[i], 0));

/** A table of them; every time counts from the moment that the level is asked for. */
export function renderModels(models: z.output<typeof modelsSchema>): string {
  const rows = models.flatMap(({ parameters, levels }) =>
    levels.map(({ name, ready, first, more }) => [
      millions(parameters),
      name,
      durations(ready),
      durations(added(ready, first)),
      durations(added(ready, first, more)),
    ]),
  );
  return markdownTable([['parameters', 'level', 'weights ready', '64 probes', '192 probes'], ...rows], [0, 2, 3, 4]);
}

export const slider = definePart({
  id: 'slider',
  title: 'From a new level to an estimate',
  schema: sliderSchema,
  measure: async (setting) => runProgram('slider', { ...setting, threads: usualThreads }, sliderSchema),
  render({ threads, models }) {
    return [
      `Node, WebAssembly with ${threads} threads, encoders with weights drawn at random. Every time counts from the moment that`,
      'the level is asked for.',
      '',
      renderModels(models),
    ].join('\n');
  },
});
