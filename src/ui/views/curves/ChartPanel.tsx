import { Text } from '@mantine/core';
import { useDeferredValue, useMemo } from 'react';
import { toggleLine } from '../../../app/views/curves/curves.ts';
import { useCurves } from '../../../app/views/curves/curves-store.ts';
import { SeriesSample } from '../../parts/charts/series.tsx';
import { Hint } from '../../parts/Hint.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { curves as texts } from '../../texts/curves.ts';
import { ChartControls, RangeControl } from './ChartControls.tsx';
import { CurvesFigure } from './CurvesFigure.tsx';
import classes from './curves.module.css';
import { shownPoints } from './points.ts';
import { lineLooks } from './series.ts';

const height = 400;
const panelHeight = 230;

/** The chart, or a panel for each line, with the controls of how it is drawn. */
export function ChartPanel() {
  const choice = useCurves((state) => state.choice);
  const lines = useDeferredValue(useCurves((state) => state.lines));
  const axis = useDeferredValue(useCurves((state) => state.axis));
  const shown = useMemo(() => shownPoints(lines, choice.range), [lines, choice.range]);
  const series = useMemo(
    () =>
      lines.map(({ id, label, isOff }, at) => ({ ...lineLooks[at], id, label, isOff })).filter(({ isOff }) => !isOff),
    [lines],
  );
  const panels = useMemo(
    () => series.map((one) => ({ one, series: [one], shown: shown.filter(({ line }) => line.id === one.id) })),
    [series, shown],
  );
  const vertical = texts.vertical[choice.y];
  return (
    <Panel title={texts.title} gap="sm">
      <ChartControls axis={axis} />
      <Legend />
      {shown.length === 0 ? (
        <div className={classes.empty} style={{ height }}>
          <Text size="sm">
            {lines.length === 0 ? texts.noLines : series.length === 0 ? texts.allOff : texts.nothing}
          </Text>
        </div>
      ) : choice.panels ? (
        <div className={classes.panels}>
          {panels.map(({ one, ...panel }) => (
            <div key={one.id}>
              <div className={classes.panelName}>
                <SeriesSample series={one} />
                <span>{one.label}</span>
              </div>
              <CurvesFigure {...panel} all={shown} title={`${texts.title}: ${one.label}`} height={panelHeight} />
            </div>
          ))}
        </div>
      ) : (
        <CurvesFigure shown={shown} all={shown} series={series} title={texts.title} height={height} />
      )}
      <RangeControl axis={axis} />
      <Hint>
        {vertical.interval} {texts.hollow} {choice.logY && texts.logNote}
      </Hint>
    </Panel>
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
            <SeriesSample series={lineLooks[index]} />
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
