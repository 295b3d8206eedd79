/** Removing an authenticator, which takes one's password and a code. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type Authenticator, takeAwayAuthenticator, twoStepQuery } from '~/api/two-step';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';
import { ProofFields, useProof } from './Proof';

interface RemoveAuthenticatorProps {
  which: Authenticator;
  isLast: boolean;
  onClose: () => void;
}

export function RemoveAuthenticator({ which, isLast, onClose }: RemoveAuthenticatorProps) {
  const queryClient = useQueryClient();
  const proof = useProof(true);
  const remove = useMutation({
    mutationFn: () => takeAwayAuthenticator(which.id, proof.proof),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: twoStepQuery.queryKey });
      onClose();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={`Remove ${which.name}?`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (proof.check()) remove.mutate();
        }}
        noValidate
      >
        <Stack>
          <Text>
            {isLast
              ? 'It is the last one. Two-step sign-in is off afterwards, and the recovery codes no longer work.'
              : 'It no longer signs anybody in, and whoever is signed in with it now is signed out.'}
          </Text>
          {remove.error && <ProblemAlert problem={remove.error} />}
          <ProofFields of={proof} problem={remove.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" color="brick" loading={remove.isPending}>
              Remove
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
