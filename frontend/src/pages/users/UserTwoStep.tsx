/** A user's two-step sign-in, and taking it away from who has lost everything. */
import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { takeTwoStepAway, userTwoStepQuery } from '~/api/two-step';
import type { User } from '~/api/users';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { Loading, ProblemAlert } from '~/components/messages';
import { formatMoment, plural } from '~/school/words';

export function UserTwoStep({ user }: { user: Pick<User, 'id' | 'forename' | 'surname'> }) {
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery(userTwoStepQuery(user.id));
  const reset = useMutation({
    mutationFn: () => takeTwoStepAway(user.id),
    onSuccess: dialog.close,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['users'] }),
  });
  return (
    <Paper component="section" aria-label="Two-step sign-in" p="md">
      <Title order={2} mb="xs">
        Two-step sign-in
      </Title>
      {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
      {!data && !error && <Loading />}
      <Stack align="flex-start">
        {data && (
          <Text>
            {data.since
              ? `On. First set up: ${formatMoment(data.since)}. ${plural(data.authenticators, 'authenticator')}, ${plural(data.codes_left, 'recovery code')} left.`
              : 'Off.'}
          </Text>
        )}
        {reset.isSuccess && (
          <Alert color="leaf" icon={<CircleCheck aria-hidden />} role="status">
            It was reset, and {user.forename} was signed out. They sign in with their password.
          </Alert>
        )}
        {data?.since && (
          <Button
            variant="default"
            onClick={() => {
              reset.reset();
              dialog.open();
            }}
          >
            Reset two-step sign-in
          </Button>
        )}
      </Stack>
      <Dialog opened={open} onClose={dialog.close} title="Reset two-step sign-in?">
        <Stack>
          {reset.isError && <ProblemAlert problem={reset.error} />}
          <Text>
            Do this if {user.forename} {user.surname} has lost their phone and their recovery codes.
            Be sure that it is they who ask.
          </Text>
          <Text>
            Their authenticators and recovery codes no longer work, and they are signed out and told
            by e-mail. They then sign in with their password alone, and are asked to set it up again
            if your school requires it.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={dialog.close}>
              Cancel
            </Button>
            <Button onClick={() => reset.mutate()} loading={reset.isPending}>
              Reset two-step sign-in
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </Paper>
  );
}
