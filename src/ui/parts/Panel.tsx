import { Group, type MantineSpacing, Paper, Stack, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

interface Props {
  title: string;
  /** What stands beside the title. */
  aside?: ReactNode;
  /** The space between its children; they are laid out by themselves without it. */
  gap?: MantineSpacing;
  children: ReactNode;
}

/** A titled part of the page; a landmark for screen readers. */
export function Panel({ title, aside, gap, children }: Props) {
  const id = useId();
  return (
    <Paper component="section" withBorder p="md" aria-labelledby={id}>
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={2} size="h4" id={id}>
          {title}
        </Title>
        {aside}
      </Group>
      {gap === undefined ? children : <Stack gap={gap}>{children}</Stack>}
    </Paper>
  );
}
