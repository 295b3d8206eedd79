/**
 * Where a single-use link from an e-mail arrives. It is redeemed by a press of the button and not
 * by opening the page, since mail scanners open links too.
 */
import { Button, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ProblemError } from '~/api/problem';
import { changeSession, signInByLink } from '~/api/session';
import { useMutation } from '~/app/mutation';
import { nextStep } from '~/app/next-step';
import { ButtonLink, TextLink } from '~/components/links';
import { ProblemAlert } from '~/components/messages';

export function LinkPage({ token }: { token: string }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const redeem = useMutation({
    mutationFn: () => signInByLink(token),
    onSuccess: (session) => {
      changeSession(queryClient, session);
      return navigate({ href: nextStep(session), replace: true });
    },
  });

  const spent =
    redeem.error instanceof ProblemError && redeem.error.status >= 400 && redeem.error.status < 500;

  useEffect(() => {
    document.title = 'Your sign-in link – Classroom Monitor';
  }, []);

  return (
    <Stack>
      <Title order={1}>Your sign-in link</Title>
      {redeem.isError && <ProblemAlert problem={redeem.error} />}
      {token === '' ? (
        <Text>
          This link is not complete. Open it from the e-mail again, or copy the whole of it into
          your browser’s address bar.
        </Text>
      ) : spent ? null : (
        <>
          <Text>
            This link signs you in once. You then choose a password of your own and use that from
            now on.
          </Text>
          <Button onClick={() => redeem.mutate()} loading={redeem.isPending}>
            Continue
          </Button>
        </>
      )}
      {redeem.isError && (
        <>
          {spent && <ButtonLink to="/forgotten-password">Ask for a new link</ButtonLink>}
          <ButtonLink to="/sign-in" variant="default">
            Go to sign in
          </ButtonLink>
          <Text size="sm">
            Are you a parent?{' '}
            {spent && (
              <>
                <TextLink to="/parents/forgotten-password" inherit>
                  Ask for a new link here
                </TextLink>{' '}
                or{' '}
              </>
            )}
            <TextLink to="/parents/sign-in" inherit>
              {spent ? 'sign in here' : 'Sign in here'}
            </TextLink>
          </Text>
        </>
      )}
    </Stack>
  );
}
