/** Asks before a page is left on which something was typed and not saved. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useCallback } from 'react';
import { Dialog } from './Dialog';

export function UnsavedChanges({ unsaved }: { unsaved: boolean }) {
  // Who is signed out, or whose session has ended, can save nothing any more.
  const blocks = useCallback(
    ({ next }: { next: { pathname: string } }) => next.pathname !== '/sign-in',
    [],
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
