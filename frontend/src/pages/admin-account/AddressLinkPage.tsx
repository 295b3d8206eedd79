/**
 * Where the links from the two mails arrive: one confirms the new address of the admin account, one
 * stops the change (R5). It is done by a press of the button and not by opening the page, since mail
 * scanners open links too. Nobody is signed in.
 */
import { Alert, Button, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { useEffect } from 'react';
import { type AddressLinkShown, followLink, type LinkDoes, showLink } from '~/api/admin-email';
import { ProblemError } from '~/api/problem';
import { useMutation } from '~/app/mutation';
import { ButtonLink } from '~/components/links';
import { Loading, ProblemAlert } from '~/components/messages';
import { formatMoment } from '~/school/words';

const TITLES: Record<LinkDoes, string> = {
  confirm: 'Confirm this address',
  cancel: 'Stop the change of address',
};
const BUTTONS: Record<LinkDoes, string> = {
  confirm: 'Confirm this address',
  cancel: 'Stop the change',
};

export function AddressLinkPage({ token, does }: { token: string; does: LinkDoes }) {
  useEffect(() => {
    document.title = `${TITLES[does]} – Classroom Monitor`;
  }, [does]);
  return (
    <Stack>
      <Title order={1}>{TITLES[does]}</Title>
      {token === '' ? (
        <Text>
          This link is not complete. Open it from the e-mail again, or copy the whole of it into
          your browser’s address bar.
        </Text>
      ) : (
        <Link token={token} does={does} />
      )}
    </Stack>
  );
}

function Link({ token, does }: { token: string; does: LinkDoes }) {
  const shown = useQuery({
    queryKey: ['address-link', does, token],
    queryFn: () => showLink(token, does),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const follow = useMutation({ mutationFn: () => followLink(token, does) });
  if (follow.data) return <Done does={does} shown={follow.data} />;
  if (shown.error) return <ProblemAlert problem={shown.error} />;
  if (!shown.data) return <Loading />;
  return (
    <>
      {follow.isError && <ProblemAlert problem={follow.error} />}
      {!isOver(follow.error) && (
        <>
          <About does={does} shown={shown.data} />
          <Button onClick={() => follow.mutate()} loading={follow.isPending}>
            {BUTTONS[does]}
          </Button>
        </>
      )}
    </>
  );
}

/** Since the page was opened; to try again is of no use. */
function isOver(problem: Error | null): boolean {
  return problem instanceof ProblemError && problem.slug === 'address-link-over';
}

function About({ does, shown }: { does: LinkDoes; shown: AddressLinkShown }) {
  const { school, email, asked_by, expires_at } = shown;
  return (
    <>
      <Text style={{ overflowWrap: 'anywhere' }}>
        {asked_by} asked that <strong>{email}</strong> becomes the e-mail address of the admin
        account of {school} in Classroom Monitor.
      </Text>
      <Text>
        {does === 'confirm'
          ? 'If you confirm it, you can sign in with this address, and a forgotten password is sent here. If you know nothing of this, close this page: the address then stays as it is.'
          : `If that is right, close this page. If it is not, stop it: the present address stays. It can be confirmed until ${formatMoment(expires_at)}.`}
      </Text>
    </>
  );
}

function Done({ does, shown }: { does: LinkDoes; shown: AddressLinkShown }) {
  return (
    <>
      <Alert color="leaf" icon={<CircleCheck aria-hidden />} role="status">
        {does === 'confirm'
          ? `${shown.email} is now the e-mail address of the admin account of ${shown.school}. The username and the password are as they were.`
          : `The change was stopped. The admin account of ${shown.school} keeps its present address, and the link that was sent to ${shown.email} no longer works.`}
      </Alert>
      {does === 'confirm' && (
        <ButtonLink to="/sign-in" variant="default">
          Go to sign in
        </ButtonLink>
      )}
    </>
  );
}
