/** The user's password: what they sign in with, and resetting it (R2, R4). */
import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { useId } from 'react';
import { type PasswordWasReset, resetPassword, type User } from '~/api/users';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';
import { PrintSlips } from '~/components/PrintSlips';
import { formatMoment, momentWithin } from '~/school/words';
import { PasswordState } from './PasswordState';

export function UserPassword({ user }: { user: User }) {
  const [open, dialog] = useDisclosure(false);
  const reasonId = useId();
  const queryClient = useQueryClient();
  const reset = useMutation({
    mutationFn: () => resetPassword(user.id),
    onSuccess: dialog.close,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['users'] }),
  });
  return (
    <Paper component="section" aria-label="Password" p="md">
      <Title order={2} mb="xs">
        Password
      </Title>
      <Stack align="flex-start">
        <Text component="div">
          Now: <PasswordState user={user} />
          {user.claimed_at && <>, since {momentWithin(formatMoment(user.claimed_at))}</>}
          {user.password === 'default' && user.default_until && (
            <>, which works until {formatMoment(user.default_until)}</>
          )}
          {user.password === 'code' && user.code_until && (
            <>, which works until {formatMoment(user.code_until)}</>
          )}
        </Text>
        {user.code_made_at && (
          <Text size="sm" c="dimmed">
            The slip was printed: {formatMoment(user.code_made_at)}.
          </Text>
        )}
        {user.password === 'no_code' && user.default_until && (
          <Text size="sm" c="dimmed">
            Your school uses starting codes. A code printed now works until{' '}
            {formatMoment(user.default_until)}.
          </Text>
        )}
        {reset.data && <WhatHappensNext done={reset.data} />}
        {user.slip === 'code' && (
          <PrintSlips
            label="Print a slip"
            codes
            choices={[{ label: user.username, count: 1, wanted: { user_ids: [user.id] } }]}
          />
        )}
        <Button
          variant="default"
          disabled={!user.can_reset_password}
          aria-describedby={user.cannot_reset_reason ? reasonId : undefined}
          onClick={() => {
            reset.reset();
            dialog.open();
          }}
        >
          Reset the password
        </Button>
        {user.cannot_reset_reason && (
          <Text id={reasonId} size="sm" c="dimmed">
            {user.cannot_reset_reason}
          </Text>
        )}
      </Stack>
      <Dialog opened={open} onClose={dialog.close} title="Reset the password?">
        <Stack>
          {reset.isError && <ProblemAlert problem={reset.error} />}
          <Text>
            {user.forename} {user.surname} is signed out, and the password that they have now opens
            nothing any more.
          </Text>
          <Text>
            {user.leadership
              ? `A link to choose a new one is sent to ${user.email}. A head or deputy never gets the default password.`
              : NEXT[user.first_passwords]}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={dialog.close}>
              Cancel
            </Button>
            <Button onClick={() => reset.mutate()} loading={reset.isPending}>
              Reset the password
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </Paper>
  );
}

const NEXT = {
  default:
    'They sign in with the school’s default password, which works for 14 days, and then choose their own.',
  starting_codes:
    'They sign in with a starting code, which you print on a slip afterwards. It works for 14 days from now, and they choose a password of their own with it.',
};

function WhatHappensNext({ done }: { done: PasswordWasReset }) {
  const { user } = done;
  return (
    <Alert
      color="leaf"
      icon={<CircleCheck aria-hidden />}
      role="status"
      title="The password was reset"
    >
      {done.to === 'starting_code' && (
        <Text size="sm">
          Now print a slip for {user.forename}. There is nothing that lets them in before that.
        </Text>
      )}
      {done.to === 'link' && (
        <Text size="sm">A link was sent to {user.email}. It works once, for seven days.</Text>
      )}
      {done.to === 'default' && (
        <Text size="sm">
          {user.forename} now signs in with the username {user.username} and the school’s default
          password
          {user.default_until && `, until ${formatMoment(user.default_until)}`}. If nobody remembers
          the default password, make a new one in User Management.
        </Text>
      )}
    </Alert>
  );
}
