import { Stack } from '@mantine/core';
import columns from '../../parts/columns.module.css';
import { ChartPanel } from './ChartPanel.tsx';
import { Computing } from './Computing.tsx';
import classes from './curves.module.css';
import { PointsTable } from './PointsTable.tsx';
import { PresetCard, PresetList } from './Presets.tsx';
import { Compression, Questions, WhichLines } from './Settings.tsx';

/** Accuracy against how far models are compressed: up to eight lines over each other. */
export default function CurvesView() {
  return (
    <main className={`${columns.eightFour} ${classes.view}`}>
      <Stack gap="md">
        <PresetCard />
        <ChartPanel />
        <Computing />
        <PointsTable />
      </Stack>
      <Stack gap="md">
        <PresetList />
        <Questions />
        <WhichLines />
        <Compression />
      </Stack>
    </main>
  );
}
