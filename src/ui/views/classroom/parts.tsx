import { Skeleton, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useClassroom } from '../../../app/views/classroom/classroom-store.ts';
import { classroom as texts } from '../../texts/classroom.ts';

/** What every part of the lesson is given. */
export interface ScreenProps {
  /** Room for its figure, in CSS pixels. */
  height: number;
  /** How large texts and lines are, 1 as on the page. */
  scale: number;
}

/** Takes the place of a figure without numbers: as high as it, so that nothing jumps. */
export function Missing({ height, because }: { height: number; because?: string }) {
  const isLink = useClassroom(({ link }) => link !== null);
  return (
    <Stack gap="xs">
      <Text role="status">{because ?? (isLink ? texts.notHere : texts.notYet)}</Text>
      <Skeleton height={height} animate={false} aria-hidden />
    </Stack>
  );
}

/** What a figure shows, in a sentence. */
export function Conclusion({ children }: { children: ReactNode }) {
  return (
    <Text mt="sm" fw={600}>
      {children}
    </Text>
  );
}
