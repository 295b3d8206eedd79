import { EmptyState, Paper } from '@mantine/core';
import { UserRound } from 'lucide-react';

/** A group without active pupils. */
export function NoPupils() {
  return (
    <Paper>
      <EmptyState
        icon={<UserRound aria-hidden />}
        variant="light"
        py="xl"
        title="There are no pupils in this group"
        description="Pupils appear here as soon as they are in the class or set."
      />
    </Paper>
  );
}
