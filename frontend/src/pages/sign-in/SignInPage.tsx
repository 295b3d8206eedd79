/** Signing in with a username or an e-mail address (R7). */
import { Alert, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { Info } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { changeSession, signInWith } from '~/api/session';
import { nextStep } from '~/app/next-step';
import { TextLink } from '~/components/links';
import { ProblemAlert } from '~/components/messages';

const route = getRouteApi('/public/sign-in');

const REASONS = {
  ended:
    'You were signed out because you had not used Classroom Monitor for a while. Sign in to go on where you were.',
  'signed-out': 'You have signed out.',
};

export function SignInPage() {
  const { next, reason } = route.useSearch();
  const queryClient = useQueryClient();
  const router = useRouter();
  const password = useRef<HTMLInputElement>(null);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { identifier: '', password: '' },
    validate: {
      identifier: (value) => (value.trim() ? null : 'Enter your username or e-mail address'),
      password: (value) => (value ? null : 'Enter your password'),
    },
  });
  const signIn = useMutation({
    mutationFn: (values: typeof form.values) => signInWith(values.identifier, values.password),
    onSuccess: (session) => {
      changeSession(queryClient, session);
      return router.navigate({ href: nextStep(session, next), replace: true });
    },
    onError: () => password.current?.select(),
  });

  useEffect(() => {
    document.title = 'Sign in – Classroom Monitor';
  }, []);

  return (
    <form onSubmit={form.onSubmit((values) => signIn.mutate(values))} noValidate>
      <Stack>
        <Title order={1}>Sign in</Title>
        {reason && !signIn.isError && (
          <Alert icon={<Info aria-hidden />} role="status">
            {REASONS[reason]}
          </Alert>
        )}
        {signIn.isError && <ProblemAlert problem={signIn.error} />}
        <TextInput
          label="Username or e-mail address"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          key={form.key('identifier')}
          {...form.getInputProps('identifier')}
        />
        <PasswordInput
          ref={password}
          label="Password"
          autoComplete="current-password"
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={signIn.isPending} fullWidth>
          Sign in
        </Button>
        <TextLink to="/forgotten-password">Forgotten your password?</TextLink>
        <Text size="sm" c="dimmed">
          New here? Sign in with your username and what your school’s administrator has given you:
          the default password, or in its place the starting code on your slip. You then choose a
          password of your own.
        </Text>
      </Stack>
    </form>
  );
}
