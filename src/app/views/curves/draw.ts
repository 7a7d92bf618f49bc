import type { LevelResult } from '../../projection/level-result.ts';
import { questionOf } from '../../recipe/question.ts';
import { results } from '../../run/coordinator.ts';
import { layoutFor, resultFor, resultKeyOf } from '../../run/result-lookup.ts';
import type { Need } from '../../run/runner.ts';
import type { ProbeLayout } from '../../storage/probe-layouts.ts';
import type { Vertical } from './axes.ts';
import type { CurvesChoice } from './curves-choice.ts';
import type { CurvesState, DrawnAxis, DrawnLine, DrawnPoint } from './curves-store.ts';
import { figureOf } from './figure.ts';
import { type CurveLine, computedLines, linesOf, optionsOf, placesOfLine, sharedAxis } from './lines.ts';
import { presetOf } from './presets.ts';
import { heightOf, type Says, saysOf } from './says.ts';

/** Figures of results that have not changed are not counted again. */
const counted = new WeakMap<LevelResult, Map<string, ReturnType<typeof figureOf>>>();

function figure(
  result: LevelResult | null,
  layout: ProbeLayout | null,
  line: CurveLine,
  y: Vertical,
  base: LevelResult | null,
) {
  if (!result || !layout) return null;
  const key = `${y} ${line.part?.split} ${line.part?.id} ${base?.summary.probes}`;
  const known = counted.get(result) ?? new Map<string, ReturnType<typeof figureOf>>();
  counted.set(result, known);
  if (!known.has(key)) known.set(key, figureOf(result, layout, line.part, y, base));
  return known.get(key) ?? null;
}

const placeOn = (kind: DrawnAxis['kind'], place: number, result: LevelResult | null): number | null =>
  kind === 'level' ? place : result && (kind === 'bits' ? result.bitsPerWeight : result.bytes / 1e6);

const isWithin = (range: CurvesChoice['range'], x: number) =>
  range === null || (x >= range[0] - 1e-9 && x <= range[1] + 1e-9);

/** Everything that follows from a choice and what is known of results. */
export function draw(choice: CurvesChoice): Pick<CurvesState, 'options' | 'lines' | 'axis' | 'says' | 'needed'> {
  const options = optionsOf(choice, layoutFor);
  const lines = linesOf(choice, layoutFor);
  const shared = sharedAxis(lines);
  const kind = choice.x === 'level' && !shared && lines.length > 0 ? 'size' : choice.x;
  const drawn = lines.map((line): DrawnLine => {
    const question = questionOf(line.series);
    const layout = layoutFor(question);
    const base = resultFor(question, []);
    const points = line.isAbsent
      ? []
      : placesOfLine(line).map(({ place, label, recipe }): DrawnPoint => {
          const result = resultFor(question, recipe);
          return {
            place,
            label,
            recipe,
            key: resultKeyOf(question, recipe),
            result,
            figure: figure(result, layout, line, choice.y, base),
            x: placeOn(kind, place, result),
          };
        });
    return {
      ...line,
      points,
      baseline: figure(base, layout, line, choice.y, base),
      isOff: choice.off.includes(line.id),
    };
  });
  const stops = [...new Set(drawn.flatMap(({ points }) => points.flatMap(({ x }) => (x === null ? [] : [x]))))];
  const ticks =
    kind === 'level'
      ? [...new Map(drawn.flatMap(({ points }) => points.map(({ place, label }) => [place, label] as const)))]
      : [];
  const wanted = wantedOf(choice, computedLines(choice, lines)).map(
    ({ question, recipe }) => resultKeyOf(question, recipe) ?? '',
  );
  return {
    options,
    lines: drawn,
    axis: {
      kind,
      label: kind === 'level' ? (shared?.label ?? null) : null,
      isReversed: kind !== 'level' || (shared !== null && shared.unit !== 'share'),
      ticks: ticks.map(([x, label]) => ({ x, label })),
      stops: stops.toSorted((a, b) => a - b),
    },
    says: saysFor(choice, lines),
    needed: { results: wanted.length, missing: wanted.filter((key) => results.asked(key) === 0).length },
  };
}

/** What the preset's run shows, whatever the chart shows upwards now. */
function saysFor({ preset }: CurvesChoice, lines: readonly CurveLine[]): Says | null {
  if (preset === null) return null;
  const { asks } = presetOf(preset);
  return saysOf(
    asks,
    lines.map((line) => {
      const question = questionOf(line.series);
      const layout = layoutFor(question);
      const base = resultFor(question, []);
      const points = line.isAbsent ? [] : placesOfLine(line);
      return {
        label: line.label,
        points: points.map(({ place, label, recipe }) => ({
          place,
          label,
          figure: figure(resultFor(question, recipe), layout, line, heightOf(asks), base),
        })),
      };
    }),
  );
}

/** The results that a choice takes, the uncompressed models first, each once; only within the range where it is one of levels. */
export function wantedOf(choice: CurvesChoice, lines: readonly CurveLine[], most?: number): Need[] {
  const isLevel = choice.x === 'level' && sharedAxis(lines) !== null;
  const found = new Map<string, Need>();
  const add = (wanted: Need) => {
    const { model, suite, template } = wanted.question;
    const id = JSON.stringify([model, suite, template, wanted.recipe]);
    if (!found.has(id)) found.set(id, wanted);
  };
  const present = lines.filter(({ isAbsent }) => !isAbsent);
  for (const { series, label } of present) add({ question: questionOf(series), recipe: [], label, most });
  for (const line of present)
    for (const { place, label, recipe } of placesOfLine(line))
      if (!isLevel || isWithin(choice.range, place))
        add({ question: questionOf(line.series), recipe, label: `${line.label}, ${label}`, most });
  return [...found.values()];
}
