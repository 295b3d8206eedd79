/** Setting two-step sign-in up where the school asks for it, as a step of signing in (R29). */
import { Button, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ProblemError } from '~/api/problem';
import { changeSession, type Session } from '~/api/session';
import { newAuthenticator, type SetUpDone } from '~/api/two-step';
import { useMutation } from '~/app/mutation';
import { nextStep } from '~/app/next-step';
import { ProblemAlert } from '~/components/messages';
import { useSignOut } from '~/layout/sign-out';
import { NewKey } from './NewKey';
import { RecoveryCodes } from './RecoveryCodes';

export function SetUpPage({ session, next }: { session: Session; next?: string }) {
  const queryClient = useQueryClient();
  const router = useRouter();
  const signOut = useSignOut();
  const shared = session.account.kind === 'admin';
  const [name, setName] = useState(shared ? '' : 'My phone');
  const [missing, setMissing] = useState(false);
  const begin = useMutation({ mutationFn: () => newAuthenticator(name) });
  const [done, setDone] = useState<SetUpDone>();
  const goOn = (opened: Session) => {
    changeSession(queryClient, opened);
    return router.navigate({ href: nextStep(opened, next), replace: true });
  };

  useEffect(() => {
    document.title = 'Set up two-step sign-in – Classroom Monitor';
  }, []);

  return (
    <Stack>
      <Title order={1}>Set up two-step sign-in</Title>
      {!begin.data && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            setMissing(!name.trim());
            if (name.trim()) begin.mutate();
          }}
          noValidate
        >
          <Stack>
            <Text>
              Your school asks for a second step when you sign in: after your password, a code from
              an app on your phone or tablet. So nobody can sign in with your password alone.
            </Text>
            <Text>
              You need an authenticator app, such as Microsoft Authenticator, Google Authenticator,
              or Passwords on an iPhone or iPad.
            </Text>
            {begin.error && <ProblemAlert problem={begin.error} />}
            <TextInput
              label="Name of this authenticator"
              description={
                shared
                  ? 'Whose it is, such as Mrs Smith’s phone: the activity log tells by it who of those who share this account has done what.'
                  : 'So that you know it again, such as My phone.'
              }
              maxLength={60}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={
                missing
                  ? 'Give it a name'
                  : begin.error instanceof ProblemError && begin.error.field('name')
              }
              autoFocus
            />
            <Button type="submit" loading={begin.isPending}>
              Next
            </Button>
            <Button variant="default" loading={signOut.isPending} onClick={() => signOut.mutate()}>
              Sign out
            </Button>
          </Stack>
        </form>
      )}
      {begin.data && !done && (
        <NewKey
          begun={begin.data}
          onDone={(answer) => (answer.recovery_codes ? setDone(answer) : goOn(answer.session))}
        />
      )}
      {done?.recovery_codes && (
        <RecoveryCodes
          codes={done.recovery_codes}
          username={session.account.username ?? session.account.email ?? ''}
          onKept={() => goOn(done.session)}
        />
      )}
    </Stack>
  );
}
