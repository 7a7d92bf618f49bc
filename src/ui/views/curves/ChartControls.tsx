import { Button, Checkbox, Group, RangeSlider, Select, Text } from '@mantine/core';
import { bys, horizontals, verticals } from '../../../app/views/curves/axes.ts';
import { setBy, setLook } from '../../../app/views/curves/curves.ts';
import { type DrawnAxis, useCurves } from '../../../app/views/curves/curves-store.ts';
import { Segments } from '../../parts/controls/Segments.tsx';
import { curves as texts } from '../../texts/curves.ts';
import { placeWords } from './points.ts';

const switches = ['bands', 'panels', 'logX', 'logY'] as const;

/** What lines are drawn for, and how. */
export function ChartControls({ axis }: { axis: DrawnAxis }) {
  const choice = useCurves((state) => state.choice);
  const { by, x, y } = choice;
  return (
    <>
      <Group gap="sm" align="flex-end">
        <Select
          label={texts.lineForEach}
          w={230}
          data={bys.map((value) => ({ value, label: texts.by[value] }))}
          value={by}
          onChange={(value) => setBy(bys.find((entry) => entry === value) ?? by)}
        />
        <Select
          label={texts.upwards}
          w={230}
          data={verticals.map((value) => ({ value, label: texts.vertical[value].label }))}
          value={y}
          onChange={(value) => setLook({ y: verticals.find((entry) => entry === value) ?? y })}
        />
        <Segments
          size="sm"
          label={texts.toTheRight}
          labelled="above"
          values={horizontals}
          words={(value) => texts.horizontal[value].label}
          value={x}
          onChange={(value) => setLook({ x: value, range: null })}
        />
      </Group>
      <Group gap="md">
        {switches.map((name) => (
          <Checkbox
            key={name}
            label={texts[name]}
            checked={choice[name]}
            disabled={name === 'logX' && axis.kind === 'level'}
            onChange={({ currentTarget }) => setLook({ [name]: currentTarget.checked })}
          />
        ))}
      </Group>
      {axis.kind !== x && <Text size="xs">{texts.mixed}</Text>}
    </>
  );
}

/** Two thumbs on the places of the axis: what lies between them is shown. */
export function RangeControl({ axis }: { axis: DrawnAxis }) {
  const range = useCurves((state) => state.choice.range);
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
