/** Inviting many: who never was, since they came from the MIS, and whose invitation has lapsed. */
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { MailWarning } from 'lucide-react';
import { inviteAll, parentsQuery } from '~/api/parents';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';
import { counted } from '~/school/words';

type Waiting = 'lapsed' | 'not_invited';

interface Words {
  title: (count: number) => string;
  button: string;
  sent: string;
}

const WORDS: Record<Waiting, Words> = {
  not_invited: {
    title: (count) => `${counted(count, 'parent')} from your MIS not invited yet`,
    button: 'Invite them',
    sent: 'Invited',
  },
  lapsed: {
    title: (count) => `${counted(count, 'invitation')} lapsed before a password was set`,
    button: 'Invite them again',
    sent: 'Invited again',
  },
};

/** Each is shown only where there are such parents. Nobody is written to before the dialog's yes. */
export function InvitationsToSend() {
  return (
    <>
      <Invitations state="not_invited" />
      <Invitations state="lapsed" />
    </>
  );
}

function Invitations({ state }: { state: Waiting }) {
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const waiting = useQuery(parentsQuery({ state, active: true, limit: 1 }));
  const { title, button, sent: done } = WORDS[state];
  const invite = useMutation({
    mutationFn: () => inviteAll(state),
    onSuccess: (sent) => {
      dialog.close();
      notifications.show({
        color: 'leaf',
        title: done,
        message: `${counted(sent, 'invitation')} sent.`,
      });
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['parents'] }),
  });
  const count = waiting.data?.total ?? 0;
  if (count === 0 && !open) return null;
  return (
    <>
      <Alert
        mb="lg"
        color="amber"
        icon={<MailWarning aria-hidden />}
        role="status"
        title={title(count)}
      >
        <Button size="xs" variant="default" onClick={dialog.open}>
          {button}
        </Button>
      </Alert>
      <Dialog opened={open} onClose={dialog.close} title={`${button}?`}>
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
