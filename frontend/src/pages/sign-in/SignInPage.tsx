/** Signing in with a username or an e-mail address (R7); parents on a page of their own. */
import { Alert, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { Info } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { changeSession, signInWith } from '~/api/session';
import { type Door, FORGOTTEN, SIGN_IN } from '~/app/doors';
import { useMutation } from '~/app/mutation';
import { nextStep } from '~/app/next-step';
import { TextLink } from '~/components/links';
import { ProblemAlert } from '~/components/messages';
import { SignInTrouble } from './SignInTrouble';

interface SignInProps {
  door: Door;
  next?: string;
  reason?: 'ended' | 'signed-out';
}

const REASONS = {
  ended:
    'You were signed out because you had not used Classroom Monitor for a while. Sign in to go on where you were.',
  'signed-out': 'You have signed out.',
};

const WORDS = {
  staff: { title: 'Sign in', label: 'Username or e-mail address', missing: 'username or e-mail' },
  parent: { title: 'Sign in for parents', label: 'E-mail address', missing: 'e-mail' },
};

export function SignInPage({ door, next, reason }: SignInProps) {
  const words = WORDS[door];
  const queryClient = useQueryClient();
  const router = useRouter();
  const password = useRef<HTMLInputElement>(null);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { identifier: '', password: '' },
    validate: {
      identifier: (value) => (value.trim() ? null : `Enter your ${words.missing} address`),
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
    document.title = `${words.title} – Classroom Monitor`;
  }, [words]);

  return (
    <form onSubmit={form.onSubmit((values) => signIn.mutate(values))} noValidate>
      <Stack>
        <Title order={1}>{words.title}</Title>
        {reason && !signIn.isError && (
          <Alert icon={<Info aria-hidden />} role="status">
            {REASONS[reason]}
          </Alert>
        )}
        {signIn.isError && <ProblemAlert problem={signIn.error} />}
        <TextInput
          label={words.label}
          type={door === 'parent' ? 'email' : 'text'}
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
        <TextLink to={FORGOTTEN[door]}>Forgotten your password?</TextLink>
        <Text size="sm" c="dimmed">
          {door === 'parent'
            ? 'New here? Open the link in the e-mail that your school has sent you. If you cannot find it, ask your school for a new one.'
            : 'New here? Sign in with your username and what your school’s administrator has given you: the default password, or in its place the starting code on your slip. You then choose a password of your own.'}
        </Text>
        <SignInTrouble door={door} />
        {door === 'parent' ? (
          <TextLink to={SIGN_IN.staff} size="sm">
            Do you work at a school? Sign in here
          </TextLink>
        ) : (
          <TextLink to={SIGN_IN.parent} size="sm">
            Are you a parent? Sign in here
          </TextLink>
        )}
      </Stack>
    </form>
  );
}
