/** Letting those in again who can no longer come in by themselves: asked first, told after (R4). */
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';

interface AgainProps {
  label: string;
  title: string;
  /** How many it would be; with nobody left, what was done can still be read. */
  count: number;
  children: ReactNode;
  /** How many it was. */
  action: () => Promise<number>;
  done: (users: number) => string;
}

export function Again({ label, title, count, children, action, done }: AgainProps) {
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const doing = useMutation({
    mutationFn: action,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['claims'] }),
  });
  return (
    <>
      {count > 0 && (
        <Button
          variant="default"
          onClick={() => {
            doing.reset();
            dialog.open();
          }}
        >
          {label}
        </Button>
      )}
      <Dialog opened={open} onClose={dialog.close} title={doing.isSuccess ? 'Done' : title}>
        {doing.isSuccess ? (
          <Stack>
            <Alert color="leaf" icon={<CircleCheck aria-hidden />} role="status">
              <Text size="sm">{done(doing.data)}</Text>
            </Alert>
            <Group justify="flex-end">
              <Button onClick={dialog.close}>Close</Button>
            </Group>
          </Stack>
        ) : (
          <Stack>
            {doing.isError && <ProblemAlert problem={doing.error} />}
            {children}
            <Group justify="flex-end">
              <Button variant="default" onClick={dialog.close}>
                Cancel
              </Button>
              <Button loading={doing.isPending} onClick={() => doing.mutate()}>
                {label}
              </Button>
            </Group>
          </Stack>
        )}
      </Dialog>
    </>
  );
}
