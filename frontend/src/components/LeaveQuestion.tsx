/** The question before something unsaved is left. It goes by itself once all is saved. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import { Dialog } from './Dialog';

/** What the router gives whoever may be asked. */
interface Blocker {
  status: 'blocked' | 'idle';
  proceed?: () => void;
  reset?: () => void;
}

interface LeaveQuestionProps {
  blocker: Blocker;
  unsaved: boolean;
  text: string;
  onLeave: () => void;
}

export function LeaveQuestion({ blocker, unsaved, text, onLeave }: LeaveQuestionProps) {
  const { status, proceed, reset } = blocker;
  useEffect(() => {
    if (status === 'blocked' && !unsaved) proceed?.();
  }, [status, unsaved, proceed]);
  const stay = () => reset?.();
  return (
    <Dialog opened={status === 'blocked'} onClose={stay} title="Leave without saving?">
      <Stack>
        <Text>{text}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onLeave}>
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
