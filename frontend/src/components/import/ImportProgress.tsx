/** How far something is that takes a while. */
import { Progress, Stack, Text } from '@mantine/core';
import { counted, formatNumber } from '~/school/words';

interface ImportProgressProps {
  /** What goes on, such as `The file is being read`. */
  what: string;
  /** What is counted, such as `row`. */
  thing: string;
  progress: { done: number; total: number | null };
}

export function ImportProgress({ what, thing, progress: { done, total } }: ImportProgressProps) {
  const far =
    total === null ? counted(done, thing) : `${formatNumber(done)} of ${counted(total, thing)}`;
  return (
    <Stack gap="xs" role="status">
      <Text size="sm">
        {what}: {far}…
      </Text>
      {total !== null && total > 0 && <Progress value={(100 * done) / total} aria-label={what} />}
    </Stack>
  );
}
