/** The second step of signing in: a code of an authenticator, or a recovery code. */
import { Button, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ProblemError } from '~/api/problem';
import { changeSession, type Session } from '~/api/session';
import { giveCode } from '~/api/two-step';
import { useMutation } from '~/app/mutation';
import { nextStep } from '~/app/next-step';
import { ProblemAlert } from '~/components/messages';
import { useSignOut } from '~/layout/sign-out';
import { CodeField } from './CodeField';

export function TwoStepPage({ session, next }: { session: Session; next?: string }) {
  const queryClient = useQueryClient();
  const router = useRouter();
  const signOut = useSignOut();
  const [recovery, setRecovery] = useState(false);
  const [typed, setTyped] = useState('');
  const [missing, setMissing] = useState(false);
  const enter = useMutation({
    mutationFn: () => giveCode(recovery ? { recovery_code: typed } : { code: typed }),
    onSuccess: (opened) => {
      changeSession(queryClient, opened);
      return router.navigate({ href: nextStep(opened, next), replace: true });
    },
    onError: () => setTyped(''),
  });

  useEffect(() => {
    document.title = 'Two-step sign-in – Classroom Monitor';
  }, []);

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setMissing(!typed.trim());
        if (typed.trim()) enter.mutate();
      }}
      noValidate
    >
      <Stack>
        <Title order={1}>Two-step sign-in</Title>
        <Text>
          {session.account.kind === 'admin'
            ? `Your password was right. Now give a code for the admin account of ${session.school.name}.`
            : `Your password was right, ${session.account.name}. Now give a code.`}
        </Text>
        {enter.error && <ProblemAlert problem={enter.error} />}
        <CodeField
          recovery={recovery}
          onRecovery={(changed) => {
            setRecovery(changed);
            setTyped('');
            setMissing(false);
            enter.reset();
          }}
          value={typed}
          onChange={setTyped}
          error={missing ? 'Type the code' : null}
          autoFocus
        />
        <Button type="submit" loading={enter.isPending} fullWidth>
          Sign in
        </Button>
        <Text size="sm" c="dimmed">
          {session.account.kind === 'admin'
            ? 'If you have neither, ask a colleague who shares this account to add your phone. If nobody can sign in, contact us.'
            : 'If you have neither, ask your school’s administrator to reset your two-step sign-in.'}
        </Text>
        {signOut.error instanceof ProblemError && <ProblemAlert problem={signOut.error} />}
        <Button variant="default" loading={signOut.isPending} onClick={() => signOut.mutate()}>
          Sign out
        </Button>
      </Stack>
    </form>
  );
}
