import { Button, Group, Stack, Text } from '@mantine/core';
import { lazy, useDeferredValue, useMemo } from 'react';
import { preparingWords } from '../../../app/recipe/words.ts';
import { measure, setAgainst, setCell, stopMeasuring } from '../../../app/views/layers/layers.ts';
import { errors } from '../../../app/views/layers/layers-choice.ts';
import { useLayers } from '../../../app/views/layers/layers-store.ts';
import { agreementOf, forecastsOf } from '../../../app/views/layers/rows.ts';
import { Segments } from '../../parts/controls/Segments.tsx';
import { Figure } from '../../parts/export/Figure.tsx';
import { count } from '../../parts/format.ts';
import { Hint } from '../../parts/Hint.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { csvOf } from '../../parts/tables/columns.ts';
import { layers as texts } from '../../texts/layers.ts';
import { citedCells } from './cite.ts';
import { cellColumns } from './columns.ts';

// The chart library is larger than the rest of the page: it comes after it.
const ForecastChart = lazy(() => import('./ForecastChart.tsx'));
const height = 320;

/** Errors of weights and of outputs beside what was forgotten: do they tell it? */
export function ForecastPanel() {
  const cells = useDeferredValue(useLayers((state) => state.cells));
  const against = useLayers((state) => state.choice.against);
  const chosen = useLayers((state) => state.choice.cell);
  const measuring = useLayers((state) => state.measuring);
  const isRunning = useLayers((state) => state.run.status === 'running');
  const forecasts = useMemo(() => forecastsOf(cells, against), [cells, against]);
  const agreement = useMemo(() => agreementOf(forecasts), [forecasts]);
  const shown = () => forecasts.map(({ cell }) => cell);
  const isMissing = cells.some(({ loss, outputs, problem }) => loss && !outputs && problem === null);
  return (
    <Panel
      title={texts.forecast}
      aside={
        <Segments
          label={texts.against}
          values={errors}
          words={(kind) => texts.errorKinds[kind]}
          value={against}
          onChange={setAgainst}
        />
      }
    >
      <Stack gap="xs">
        {against === 'outputs' && (
          <Group gap="sm" mih={30}>
            <Button
              size="xs"
              variant="light"
              disabled={measuring !== null || isRunning || !isMissing}
              onClick={() => void measure(cells)}
            >
              {texts.measureAll}
            </Button>
            {measuring && (
              <>
                <Button size="xs" variant="default" onClick={stopMeasuring}>
                  {texts.stop}
                </Button>
                <Text size="xs" className="lossy-numbers" role="status">
                  {texts.measuring(count(measuring.done), count(measuring.of))} {preparingWords(measuring.progress)}
                </Text>
              </>
            )}
          </Group>
        )}
        <Figure
          cited={() => citedCells(texts.cited.forecast, shown())}
          rows={() => csvOf(cellColumns, shown())}
          height={height}
        >
          <ForecastChart
            height={height}
            forecasts={forecasts}
            axis={texts.errorAxis[against]}
            chosen={chosen}
            onPick={setCell}
          />
        </Figure>
        <Text size="sm" className="lossy-numbers" mih={22}>
          {agreement ? texts.agreement(agreement.rho.toFixed(2).replace('-', '−'), count(agreement.n)) : texts.tooFew}
        </Text>
        <Hint>{texts.agreementNote}</Hint>
      </Stack>
    </Panel>
  );
}
