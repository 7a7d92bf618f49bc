import { Text, type TextProps } from '@mantine/core';
import type { ReactNode } from 'react';

/** An explanation in small, pale letters. */
export const Hint = (props: TextProps & { children: ReactNode }) => <Text size="xs" c="dimmed" {...props} />;
