/** Inviting again all whose invitation has lapsed; shown only where there are such parents. */
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { MailWarning } from 'lucide-react';
import { inviteAllLapsed, parentsQuery } from '~/api/parents';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';
import { counted } from '~/school/words';

export function LapsedInvitations() {
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const lapsed = useQuery(parentsQuery({ state: 'lapsed', active: true, limit: 1 }));
  const invite = useMutation({
    mutationFn: inviteAllLapsed,
    onSuccess: (sent) => {
      dialog.close();
      notifications.show({
        color: 'leaf',
        title: 'Invited again',
        message: `${counted(sent, 'invitation')} sent.`,
      });
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['parents'] }),
  });
  const count = lapsed.data?.total ?? 0;
  if (count === 0 && !open) return null;
  return (
    <>
      <Alert
        mb="lg"
        color="amber"
        icon={<MailWarning aria-hidden />}
        role="status"
        title={`${counted(count, 'invitation')} lapsed before a password was set`}
      >
        <Button size="xs" variant="default" onClick={dialog.open}>
          Invite them again
        </Button>
      </Alert>
      <Dialog opened={open} onClose={dialog.close} title="Invite them again?">
        <Stack>
          {invite.isError && <ProblemAlert problem={invite.error} />}
          <Text>
            {counted(count, 'parent')} will be sent a new link by e-mail, which works for 14 days.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={dialog.close}>
              Cancel
            </Button>
            <Button onClick={() => invite.mutate()} loading={invite.isPending}>
              Send the invitations
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}
