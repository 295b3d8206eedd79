/** The request for another address that waits, and cancelling it (R5). */
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { MailQuestion } from 'lucide-react';
import { type AdminEmail, adminEmailQuery, cancelRequest } from '~/api/admin-email';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';
import { formatMoment } from '~/school/words';

type Waiting = NonNullable<AdminEmail['waiting']>;

export function WaitingAddress({ waiting }: { waiting: Waiting }) {
  const queryClient = useQueryClient();
  const [open, dialog] = useDisclosure(false);
  const cancel = useMutation({
    mutationFn: () => cancelRequest(waiting.id),
    onSuccess: dialog.close,
    onSettled: () => queryClient.invalidateQueries({ queryKey: adminEmailQuery.queryKey }),
  });
  return (
    <>
      <Alert
        color="amber"
        icon={<MailQuestion aria-hidden />}
        title="Another e-mail address is waiting to be confirmed"
      >
        <Stack gap="sm" align="flex-start">
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {waiting.asked_by} asked for <strong>{waiting.email}</strong> as the address of the
            admin account ({formatMoment(waiting.asked_at)}). It counts once it is confirmed by the
            link that was sent there. The link works until {formatMoment(waiting.expires_at)}. If
            this is not right, cancel it.
          </Text>
          <Button size="xs" variant="default" onClick={dialog.open}>
            Cancel the request
          </Button>
        </Stack>
      </Alert>
      <Dialog opened={open} onClose={dialog.close} title="Cancel the request?">
        <Stack>
          {cancel.isError && <ProblemAlert problem={cancel.error} />}
          <Text style={{ overflowWrap: 'anywhere' }}>
            The admin account keeps its present address, and the link that was sent to{' '}
            {waiting.email} no longer works. Everybody who was told of the request is told of this.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={dialog.close}>
              Go back
            </Button>
            <Button color="brick" onClick={() => cancel.mutate()} loading={cancel.isPending}>
              Cancel the request
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}
