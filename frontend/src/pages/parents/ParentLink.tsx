/** How far the parent has come, and sending them a new link (R2, R4). */
import { Alert, Button, Paper, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { CircleCheck, Clock } from 'lucide-react';
import { useId } from 'react';
import { type Parent, type ParentLinkSent, sendLink } from '~/api/parents';
import { useMutation } from '~/app/mutation';
import { ProblemAlert } from '~/components/messages';
import { formatMoment } from '~/school/words';

export function ParentLink({ parent }: { parent: Parent }) {
  const reasonId = useId();
  const queryClient = useQueryClient();
  const send = useMutation({
    mutationFn: () => sendLink(parent.id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['parents'] }),
  });
  return (
    <Paper component="section" aria-label="Signing in" p="md">
      <Title order={2} mb="xs">
        Signing in
      </Title>
      <Stack align="flex-start">
        <Text>{stateOf(parent)}</Text>
        {parent.dates_paused && (
          <Alert color="amber" icon={<Clock aria-hidden />} title="Too many wrong dates of birth">
            <Text size="sm">
              The parent has to wait before they can try again. Check the dates with them; a new
              link lets them try again at once.
            </Text>
          </Alert>
        )}
        {send.isError && <ProblemAlert problem={send.error} />}
        {send.data && <WhatWasSent done={send.data} />}
        <Button
          variant="default"
          disabled={!parent.can_send_link}
          aria-describedby={parent.cannot_send_reason ? reasonId : undefined}
          loading={send.isPending}
          onClick={() => send.mutate()}
        >
          Send a new link
        </Button>
        {parent.cannot_send_reason && (
          <Text id={reasonId} size="sm" c="dimmed">
            {parent.cannot_send_reason}
          </Text>
        )}
        <Text size="sm" c="dimmed">
          {parent.state === 'claimed'
            ? 'With it they can set a new password; until then the present one works. Parents can also do this themselves: “Forgotten your password?” on the sign-in page for parents.'
            : 'A new invitation takes the place of the one before. Parents never get the default password.'}
        </Text>
      </Stack>
    </Paper>
  );
}

function stateOf(parent: Parent): string {
  if (parent.state === 'claimed') {
    return parent.claimed_at
      ? `Has a password, set for the first time: ${formatMoment(parent.claimed_at)}.`
      : 'Has a password.';
  }
  if (parent.state === 'not_invited') {
    return 'Came from your MIS and has not been invited yet. Send a link to let them in.';
  }
  if (parent.state === 'lapsed' || !parent.invited_until) {
    return 'Has not set a password yet, and the invitation has lapsed.';
  }
  return `Invited. Has not set a password yet. The link works until ${formatMoment(parent.invited_until)}.`;
}

function WhatWasSent({ done: { sent, parent } }: { done: ParentLinkSent }) {
  return (
    <Alert color="leaf" icon={<CircleCheck aria-hidden />} role="status" title="The link was sent">
      <Text size="sm">
        {sent === 'invitation'
          ? `An invitation was sent to ${parent.email}. It works once, for 14 days.`
          : `A link for a new password was sent to ${parent.email}. It works once, for a day.`}
      </Text>
    </Alert>
  );
}
