import { Grid, Stack } from '@mantine/core';
import { ChartPanel } from './ChartPanel.tsx';
import { Computing } from './Computing.tsx';
import classes from './curves.module.css';
import { PointsTable } from './PointsTable.tsx';
import { PresetCard, PresetList } from './Presets.tsx';
import { Compression, Questions, WhichLines } from './Settings.tsx';

/** Accuracy against how far models are compressed: up to eight lines over each other. */
export default function CurvesView() {
  return (
    <Grid gap="md" component="main" className={classes.view}>
      <Grid.Col span={{ base: 12, lg: 8 }}>
        <Stack gap="md">
          <PresetCard />
          <ChartPanel />
          <Computing />
          <PointsTable />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 4 }}>
        <Stack gap="md">
          <PresetList />
          <Questions />
          <WhichLines />
          <Compression />
        </Stack>
      </Grid.Col>
    </Grid>
  );
}
