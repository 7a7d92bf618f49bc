import { Button, Checkbox, Group, RangeSlider, SegmentedControl, Select, Skeleton, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useDeferredValue, useMemo } from 'react';
import { commandOf } from '../../../app/recipe/command.ts';
import { wordingWords } from '../../../app/recipe/offers.ts';
import { questionOf } from '../../../app/recipe/question.ts';
import { modelOf, suiteOf } from '../../../app/shipped.ts';
import { setBy, setLook, toggleLine } from '../../../app/views/curves/curves.ts';
import { bys, type CurvesChoice, horizontals, verticals } from '../../../app/views/curves/curves-choice.ts';
import { type DrawnAxis, useCurves } from '../../../app/views/curves/curves-store.ts';
import { Figure } from '../../parts/export/Figure.tsx';
import { count } from '../../parts/format.ts';
import { Panel } from '../../parts/Panel.tsx';
import { curves as texts } from '../../texts/curves.ts';
import classes from './curves.module.css';
import { Sample } from './look.tsx';
import { csvRows, floorOf, mostOf, placeWords, rowsOf, type Shown, shownPoints } from './points.ts';

// The chart library is larger than the rest of the page: it comes after it.
const CurvesChart = lazy(() => import('./CurvesChart.tsx'));
const height = 400;
const panelHeight = 230;

/** The chart with all that says how it is looked at. */
export function ChartPanel() {
  const choice = useCurves((state) => state.choice);
  const lines = useDeferredValue(useCurves((state) => state.lines));
  const axis = useDeferredValue(useCurves((state) => state.axis));
  const shown = useMemo(() => shownPoints(lines, choice.range), [lines, choice.range]);
  const on = lines.flatMap((line, index) => (line.isOff ? [] : [index]));
  const vertical = texts.vertical[choice.y];
  return (
    <Panel title={texts.title}>
      <Stack gap="sm">
        <LookControls choice={choice} axis={axis} />
        <Legend />
        {shown.length === 0 ? (
          <div className={classes.empty} style={{ height }}>
            <Text size="sm">{lines.length === 0 ? texts.noLines : on.length === 0 ? texts.allOff : texts.nothing}</Text>
          </div>
        ) : choice.panels ? (
          <div className={classes.panels}>
            {on.map((index) => (
              <div key={lines[index].id}>
                <div className={classes.panelName}>
                  <Sample line={index} />
                  <span>{lines[index].label}</span>
                </div>
                <OneChart
                  shown={shown.filter((entry) => entry.index === index)}
                  all={shown}
                  lines={[index]}
                  title={`${texts.title}: ${lines[index].label}`}
                  height={panelHeight}
                />
              </div>
            ))}
          </div>
        ) : (
          <OneChart shown={shown} all={shown} lines={on} title={texts.title} height={height} />
        )}
        <Range choice={choice} axis={axis} />
        <Text size="xs" c="dimmed">
          {vertical.interval} {texts.hollow} {choice.logY && texts.logNote}
        </Text>
      </Stack>
    </Panel>
  );
}

function LookControls({ choice, axis }: { choice: CurvesChoice; axis: DrawnAxis }) {
  const { by, x, y, logX, logY, bands, panels } = choice;
  const isMixed = axis.kind !== x;
  return (
    <>
      <Group gap="sm" align="flex-end">
        <Select
          label={texts.lineForEach}
          size="sm"
          w={230}
          allowDeselect={false}
          data={bys.map((value) => ({ value, label: texts.by[value] }))}
          value={by}
          onChange={(value) => setBy(bys.find((entry) => entry === value) ?? by)}
        />
        <Select
          label={texts.upwards}
          size="sm"
          w={230}
          allowDeselect={false}
          data={verticals.map((value) => ({ value, label: texts.vertical[value].label }))}
          value={y}
          onChange={(value) => setLook({ y: verticals.find((entry) => entry === value) ?? y })}
        />
        <div>
          <Text size="sm" fw={600} id="curves-x">
            {texts.toTheRight}
          </Text>
          <SegmentedControl
            size="sm"
            aria-labelledby="curves-x"
            value={x}
            onChange={(value) => setLook({ x: horizontals.find((entry) => entry === value) ?? x, range: null })}
            data={horizontals.map((value) => ({ value, label: texts.horizontal[value].label }))}
          />
        </div>
      </Group>
      <Group gap="md">
        <Checkbox
          label={texts.bands}
          checked={bands}
          onChange={({ currentTarget }) => setLook({ bands: currentTarget.checked })}
        />
        <Checkbox
          label={texts.panels}
          checked={panels}
          onChange={({ currentTarget }) => setLook({ panels: currentTarget.checked })}
        />
        <Checkbox
          label={texts.logX}
          checked={logX}
          disabled={axis.kind === 'level'}
          onChange={({ currentTarget }) => setLook({ logX: currentTarget.checked })}
        />
        <Checkbox
          label={texts.logY}
          checked={logY}
          onChange={({ currentTarget }) => setLook({ logY: currentTarget.checked })}
        />
      </Group>
      {isMixed && <Text size="xs">{texts.mixed}</Text>}
    </>
  );
}

/** The lines by name; each can be switched off and on. */
function Legend() {
  const lines = useCurves((state) => state.lines);
  return (
    <ul className={classes.legend} aria-label={texts.lines}>
      {lines.map(({ id, label, isOff, isAbsent }, index) => (
        <li key={id}>
          <button type="button" className={classes.key} aria-pressed={!isOff} onClick={() => toggleLine(id)}>
            <Sample line={index} />
            <span>
              <span className={classes.name}>{label}</span>
              {isAbsent && (
                <Text span size="xs" c="dimmed">
                  {' '}
                  ({texts.absent})
                </Text>
              )}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The ends of the axis: of what is chosen, or of all that there is. */
function endsOf({ kind, ticks, stops }: DrawnAxis, range: CurvesChoice['range']): [number, number] {
  const all = kind === 'level' ? ticks.map(({ x }) => x) : stops;
  const within = range ? all.filter((x) => x >= range[0] && x <= range[1]) : all;
  const [low, high] = [Math.min(...within), Math.max(...within)];
  if (low < high) return [low, high];
  return within.length === 0 ? [0, 1] : [low * 0.9, low * 1.1];
}

interface ChartProps {
  shown: readonly Shown[];
  /** The points of all panels: they have the same axes. */
  all: readonly Shown[];
  lines: readonly number[];
  title: string;
  height: number;
}

function OneChart({ shown, all, lines, title, height: high }: ChartProps) {
  const { y, logX, logY, bands, range } = useCurves((state) => state.choice);
  const axis = useCurves((state) => state.axis);
  const isLevel = axis.kind === 'level';
  const rows = useMemo(() => rowsOf(shown, isLevel), [shown, isLevel]);
  const yTitle = texts.vertical[y].axis;
  const xTitle = axis.label ?? texts.horizontal[axis.kind].axis;
  const cited = () => {
    const series = new Map(shown.map(({ line }) => [questionText(line.series), line]));
    const asked = shown.map(({ point }) => point.figure.probes);
    return {
      title: `${title}: ${yTitle}`,
      subject: [...series.keys()].join('; '),
      n: texts.nWords(count(Math.min(...asked)), count(Math.max(...asked))),
      keys: [...new Set(shown.flatMap(({ point }) => (point.key === null ? [] : [point.key])))],
    };
  };
  const commands = () => [
    ...new Set(
      shown.map(({ line, point: { recipe, result } }) => {
        const { probes, of } = result!.summary;
        return commandOf(questionOf(line.series), recipe, probes < of ? probes : undefined);
      }),
    ),
  ];
  return (
    <Figure cited={cited} rows={() => csvRows(shown)} commands={commands}>
      <Suspense fallback={<Skeleton height={high} />}>
        <CurvesChart
          height={high}
          rows={rows}
          lines={lines}
          axis={axis}
          xTitle={xTitle}
          yTitle={yTitle}
          xEnds={endsOf(axis, range)}
          most={mostOf(all, y)}
          floor={floorOf(all)}
          logX={logX && !isLevel}
          logY={logY}
          bands={bands}
        />
      </Suspense>
    </Figure>
  );
}

function questionText({
  model,
  suite,
  template,
}: {
  model: string;
  suite: string;
  template: keyof typeof wordingWords;
}) {
  return texts.subject(modelOf(model)?.title ?? model, suiteOf(suite)?.title ?? suite, wordingWords[template].label);
}

/** Two thumbs on the places that there are: what lies between them is shown. */
function Range({ choice: { range }, axis }: { choice: CurvesChoice; axis: DrawnAxis }) {
  const stops = axis.kind === 'level' ? axis.ticks.map(({ x }) => x).toSorted((a, b) => a - b) : axis.stops;
  const last = stops.length - 1;
  const from = range ? stops.findIndex((x) => x >= range[0] - 1e-9) : 0;
  const to = range ? stops.findLastIndex((x) => x <= range[1] + 1e-9) : last;
  // Compression grows from left to right, on the slider as on the chart.
  const turn = (index: number) => (axis.isReversed ? last - index : index);
  const value = [Math.max(0, from), to < 0 ? last : to].map(turn).toSorted((a, b) => a - b) as [number, number];
  const words = (index: number) => placeWords(axis, stops[turn(index)] ?? 0);
  return (
    <Group gap="md" wrap="nowrap" align="center" mih={64}>
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text size="sm" className="lossy-numbers">
          {last > 0 ? texts.rangeWords(words(value[0]), words(value[1])) : texts.range}
          {axis.kind === 'level' && (
            <Text span size="xs" c="dimmed">
              {' '}
              {texts.rangeComputes}
            </Text>
          )}
        </Text>
        <RangeSlider
          mt={6}
          min={0}
          max={Math.max(1, last)}
          step={1}
          minRange={1}
          disabled={last < 2}
          value={last > 0 ? value : [0, 1]}
          label={null}
          thumbFromLabel={texts.rangeFrom}
          thumbToLabel={texts.rangeTo}
          thumbValueText={words}
          onChange={(next) => {
            const [a, b] = next.map(turn).toSorted((one, other) => one - other);
            setLook({ range: a === 0 && b === last ? null : [stops[a], stops[b]] }, false);
          }}
        />
      </div>
      <Button size="compact-sm" variant="default" disabled={range === null} onClick={() => setLook({ range: null })}>
        {texts.wholeRange}
      </Button>
    </Group>
  );
}
