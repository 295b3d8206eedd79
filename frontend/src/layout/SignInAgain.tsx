/**
 * Signing in again over the page, where the session has ended and something is typed on it.
 * The page is covered whole, since nobody knows who sits there now; only its account gets it back.
 */
import { Button, Center, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { ProblemError } from '~/api/problem';
import { changeSession, type Session, sessionQuery, signInWith } from '~/api/session';
import { giveCode } from '~/api/two-step';
import { doorOf, SIGN_IN } from '~/app/doors';
import { useMutation } from '~/app/mutation';
import { nextStep } from '~/app/next-step';
import { unsavedWork, useAskedToSignIn } from '~/app/unsaved';
import { ProblemAlert } from '~/components/messages';
import { ReadOnlyField } from '~/components/ReadOnlyField';
import { CodeField } from '~/pages/two-step/CodeField';

const TITLE = 'Sign in again';
/** Escape is for this dialog, not for the one beneath it. */
const ITS_OWN_KEYS = { 'data-mantine-stop-propagation': true };

export function SignInAgain({ session }: { session: Session }) {
  const asked = useAskedToSignIn();
  return (
    <Modal.Root
      opened={asked}
      onClose={() => undefined}
      fullScreen
      closeOnEscape={false}
      zIndex={500}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Content aria-label={TITLE} {...ITS_OWN_KEYS}>
        <Modal.Body>
          <Center pt={{ base: 'lg', sm: 64 }}>
            <Stack maw={400} w="100%">
              <Modal.Title fw={700} fz="xl">
                {TITLE}
              </Modal.Title>
              <Text>
                You were signed out because you had not used Classroom Monitor for a while. What you
                were doing is still here, but not saved yet.
              </Text>
              {asked && <Steps session={session} />}
            </Stack>
          </Center>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function Steps({ session }: { session: Session }) {
  const { account } = session;
  const queryClient = useQueryClient();
  const router = useRouter();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [recovery, setRecovery] = useState(false);
  const [atCode, setAtCode] = useState(false);
  const identifier = account.username ?? account.email ?? '';
  const enter = useMutation({
    mutationFn: () =>
      atCode
        ? giveCode(recovery ? { recovery_code: code } : { code })
        : signInWith(identifier, password),
    onSuccess: async (opened) => {
      if (opened.scope !== 'full' && opened.scope !== 'two_step') return leave(opened);
      queryClient.setQueryData(sessionQuery.queryKey, opened);
      setAtCode(opened.scope === 'two_step');
      if (opened.scope !== 'full') return;
      unsavedWork.settle();
      notifications.show({
        color: 'leaf',
        title: 'You are signed in again',
        message: 'What you were doing is as you left it. It is not saved yet.',
      });
      await queryClient.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0],
      });
    },
    onError: (error) => {
      setPassword('');
      setCode('');
      // The half of signing in that was done has lapsed.
      if (error instanceof ProblemError && error.status === 401 && atCode) setAtCode(false);
    },
  });
  const leave = (opened: Session | null) => {
    unsavedWork.settle();
    changeSession(queryClient, opened);
    const href = opened ? nextStep(opened) : SIGN_IN[doorOf(account)];
    return router.navigate({ href, ignoreBlocker: true });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (atCode ? code.trim() : password) enter.mutate();
      }}
      noValidate
    >
      <Stack>
        {enter.error && <ProblemAlert problem={enter.error} />}
        <ReadOnlyField
          label={account.username ? 'Username' : 'E-mail address'}
          value={identifier}
        />
        <input type="hidden" autoComplete="username" value={identifier} />
        {atCode ? (
          <CodeField
            recovery={recovery}
            onRecovery={setRecovery}
            value={code}
            onChange={setCode}
            autoFocus
          />
        ) : (
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            data-autofocus
            {...ITS_OWN_KEYS}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        )}
        <Button type="submit" loading={enter.isPending} fullWidth {...ITS_OWN_KEYS}>
          Sign in and go on
        </Button>
        <Button variant="default" onClick={() => leave(null)} {...ITS_OWN_KEYS}>
          Leave it, and go to the sign-in page
        </Button>
      </Stack>
    </form>
  );
}
