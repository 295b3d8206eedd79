/** Leaving saves what is typed first, and asks only where that cannot be done. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useCallback } from 'react';
import { Dialog } from '~/components/Dialog';
import type { Sheet } from './sheet';

const LONGEST_WAIT_MS = 4_000;

export function LeaveGuard({ sheet }: { sheet: Sheet }) {
  // Whose session has ended can save nothing; what is typed is kept in the tab for them.
  const blocks = useCallback(
    async ({ next }: { next: { pathname: string } }) => {
      if (next.pathname === '/sign-in' || sheet.unsaved().length === 0) return false;
      const late = new Promise<boolean>((done) => setTimeout(() => done(false), LONGEST_WAIT_MS));
      return !(await Promise.race([sheet.flush(), late]));
    },
    [sheet],
  );
  const leaving = useBlocker({
    shouldBlockFn: blocks,
    enableBeforeUnload: () => sheet.unsaved().length > 0,
    withResolver: true,
  });
  const stay = () => leaving.reset?.();
  const leave = () => {
    for (const [id] of sheet.unsaved()) sheet.undo(id);
    leaving.proceed?.();
  };
  return (
    <Dialog opened={leaving.status === 'blocked'} onClose={stay} title="Leave without saving?">
      <Stack>
        <Text>Some of what you have typed on this page could not be saved yet.</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={leave}>
            Leave without saving
          </Button>
          <Button data-autofocus onClick={stay}>
            Stay on this page
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
