import { Paper, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  title?: string;
  /** A CSS colour for the title. */
  colour?: string;
  children: ReactNode;
}

/** What a chart says about the place that is pointed at. */
export function ChartCard({ title, colour, children }: Props) {
  return (
    <Paper withBorder shadow="sm" p="xs" maw={340}>
      {title !== undefined && (
        <Text size="sm" fw={600} style={{ color: colour }}>
          {title}
        </Text>
      )}
      {children}
    </Paper>
  );
}
