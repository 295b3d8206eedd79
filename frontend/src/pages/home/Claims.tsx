/** Whose accounts were claimed in the last week, so that a wrong claim is seen and undone (R2). */
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import type { ClaimsSummary } from '~/api/claims';
import { resetPassword } from '~/api/users';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { TextLink } from '~/components/links';
import { ProblemAlert } from '~/components/messages';
import { formatMoment } from '~/school/words';

export function Claims({ claims }: { claims: ClaimsSummary }) {
  const { counts, recent } = claims;
  const stuck = counts.lapsed + counts.no_code + counts.link_lapsed;
  if (recent.length === 0 && stuck === 0) return null;
  return (
    <Paper component="section" aria-labelledby="claims" p="lg">
      <Title order={2} id="claims">
        New users
      </Title>
      {stuck > 0 && (
        <Text mt="xs">
          {stuck === 1 ? '1 user has' : `${stuck} users have`} nothing to sign in with yet, or not
          any more.
        </Text>
      )}
      {recent.length > 0 && (
        <>
          <Text mt="xs" c="dimmed">
            These users have set a password of their own in the last seven days. If one of them says
            that it was not them, reset their password at once.
          </Text>
          <Stack component="ul" gap="xs" mt="sm" p={0} aria-label="Accounts claimed lately">
            {recent.map((claim) => (
              <RecentClaim key={claim.id} claim={claim} />
            ))}
          </Stack>
        </>
      )}
      <TextLink to="/users/claims" mt="sm" display="inline-block">
        Claimed and unclaimed accounts
      </TextLink>
    </Paper>
  );
}

function RecentClaim({ claim }: { claim: ClaimsSummary['recent'][number] }) {
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const reset = useMutation({
    mutationFn: () => resetPassword(claim.id),
    onSuccess: dialog.close,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['home'] }),
  });
  return (
    <Group component="li" justify="space-between" gap="sm" style={{ listStyle: 'none' }}>
      <div>
        <TextLink to="/users/$userId" params={{ userId: claim.id }} fw={600}>
          {claim.name}
        </TextLink>{' '}
        <Text span c="dimmed">
          {claim.username}, {formatMoment(claim.claimed_at)}
        </Text>
      </div>
      <Button
        size="xs"
        variant="default"
        onClick={dialog.open}
        aria-label={`${claim.name} says it was not them`}
      >
        Not them?
      </Button>
      <Dialog opened={open} onClose={dialog.close} title={`Was it not ${claim.name}?`}>
        <Stack>
          {reset.isError && <ProblemAlert problem={reset.error} />}
          <Text>
            Then somebody else has set a password for this account. Resetting signs that person out
            at once, and the password they set opens nothing any more.
          </Text>
          <Text>
            {claim.name} can then come in again: with the default password, with a slip that you
            print, or as a head or deputy with a link by e-mail. If your school uses the default
            password, make a new one first, since somebody else may know it.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={dialog.close}>
              Cancel
            </Button>
            <Button color="brick" loading={reset.isPending} onClick={() => reset.mutate()}>
              Reset the password
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </Group>
  );
}
