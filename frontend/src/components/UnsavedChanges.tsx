/** Asks before a page is left on which something was typed and not saved. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useHeld } from '~/app/unsaved';
import { Dialog } from './Dialog';

interface UnsavedChangesProps {
  unsaved: boolean;
  /** Whether another search or filter in the page's own address leaves what was typed as it is. */
  keptOnPage?: boolean;
}

export function UnsavedChanges({ unsaved, keptOnPage = false }: UnsavedChangesProps) {
  useHeld(unsaved);
  // Who is signed out, or whose session has ended, can save nothing any more.
  const blocks = useCallback(
    ({ current, next }: { current: Place; next: Place }) =>
      next.pathname !== '/sign-in' && !(keptOnPage && current.pathname === next.pathname),
    [keptOnPage],
  );
  const leaving = useBlocker({
    shouldBlockFn: blocks,
    enableBeforeUnload: unsaved,
    disabled: !unsaved,
    withResolver: true,
  });
  const stay = () => leaving.reset?.();
  return (
    <Dialog opened={leaving.status === 'blocked'} onClose={stay} title="Leave without saving?">
      <Stack>
        <Text>What you have changed on this page is not saved yet.</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => leaving.proceed?.()}>
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

interface Place {
  pathname: string;
}
