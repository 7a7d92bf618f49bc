import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  title: ReactNode;
  onToggle?: () => void;
  className?: string;
  children: ReactNode;
}

/** Something that is shown when its title is clicked. */
export function Disclosure({ title, onToggle, className, children }: Props) {
  return (
    <details className={className} onToggle={onToggle}>
      <summary>
        <Text size="sm" span>
          {title}
        </Text>
      </summary>
      {children}
    </details>
  );
}
