/** Changing one's own password. The present one is asked for again, and all other sessions end. */
import { Alert, Button, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { changeOwnPassword, ownSessionsQuery } from '~/api/account';
import { ProblemError } from '~/api/problem';
import { sessionQuery } from '~/api/session';
import { useMutation } from '~/app/mutation';
import { nextStep, stepOf } from '~/app/next-step';
import { ProblemAlert } from '~/components/messages';
import { LONGEST, SHORTEST } from '~/pages/first-password/strength';

export function ChangePassword({ username }: { username: string }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { current: '', wanted: '', repeated: '' },
    validate: {
      current: (value) => (value ? null : 'Enter your present password'),
      wanted: (value) => {
        const length = [...value].length;
        if (length < SHORTEST) return `Use at least ${SHORTEST} characters`;
        return length > LONGEST ? `Use at most ${LONGEST} characters` : null;
      },
      repeated: (value, { wanted }) =>
        value === wanted ? null : 'This is not the same as the password above',
    },
  });
  const change = useMutation({
    mutationFn: (values: typeof form.values) => changeOwnPassword(values.current, values.wanted),
    onSuccess: async (session) => {
      queryClient.setQueryData(sessionQuery.queryKey, session);
      form.reset();
      // Where two-step sign-in was set up meanwhile, by a colleague on a shared account.
      if (stepOf(session)) return navigate({ href: nextStep(session, '/account') });
      await queryClient.invalidateQueries({ queryKey: ownSessionsQuery.queryKey });
    },
    onError: (problem) => {
      if (!(problem instanceof ProblemError)) return;
      form.setErrors({
        current: problem.field('current_password'),
        wanted: problem.field('new_password'),
      });
    },
  });
  return (
    <Paper component="section" aria-label="Change your password" p="md">
      <form onSubmit={form.onSubmit((values) => change.mutate(values))} noValidate>
        <Stack maw="28rem">
          <Title order={2}>Change your password</Title>
          <Text>Changing it signs you out everywhere else.</Text>
          {change.isError && <ProblemAlert problem={change.error} />}
          {change.isSuccess && (
            <Alert color="leaf" icon={<CircleCheck aria-hidden />} role="status">
              Your password is changed.
            </Alert>
          )}
          <input type="hidden" autoComplete="username" value={username} readOnly />
          <PasswordInput
            label="Present password"
            autoComplete="current-password"
            {...form.getInputProps('current')}
          />
          <PasswordInput
            label="New password"
            description={`${SHORTEST} characters or more. Three or four unrelated words are good.`}
            autoComplete="new-password"
            {...form.getInputProps('wanted')}
          />
          <PasswordInput
            label="New password again"
            autoComplete="new-password"
            {...form.getInputProps('repeated')}
          />
          <Button type="submit" loading={change.isPending} style={{ alignSelf: 'flex-start' }}>
            Change password
          </Button>
        </Stack>
      </form>
    </Paper>
  );
}
