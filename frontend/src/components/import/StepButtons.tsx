/** The end of a step: leaving the import, what is still missing, and going on. */
import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface StepButtonsProps {
  cancel: ReactNode;
  /** What is wrong, in a sentence. */
  wrong?: string;
  /** What is still to be said. */
  missing?: string;
  children: ReactNode;
}

export function StepButtons({ cancel, wrong, missing, children }: StepButtonsProps) {
  return (
    <Group justify="space-between">
      {cancel}
      <Group>
        {wrong && (
          <Text size="sm" c="brick.8" role="alert">
            {wrong}
          </Text>
        )}
        {missing && (
          <Text size="sm" role="status">
            {missing}
          </Text>
        )}
        {children}
      </Group>
    </Group>
  );
}
