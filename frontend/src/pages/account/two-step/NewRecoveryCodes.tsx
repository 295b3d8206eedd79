/** Ten new recovery codes in place of the old ones. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { Session } from '~/api/session';
import { newRecoveryCodes, twoStepQuery } from '~/api/two-step';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';
import { RecoveryCodes } from '~/pages/two-step/RecoveryCodes';
import { ProofFields, useProof } from './Proof';

interface NewRecoveryCodesProps {
  session: Session;
  onClose: () => void;
}

export function NewRecoveryCodes({ session, onClose }: NewRecoveryCodesProps) {
  const queryClient = useQueryClient();
  const proof = useProof(true);
  const make = useMutation({
    mutationFn: () => newRecoveryCodes(proof.proof),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: twoStepQuery.queryKey }),
  });
  return (
    <Dialog opened onClose={onClose} title="Make new recovery codes" held={make.data !== undefined}>
      {make.data ? (
        <RecoveryCodes
          codes={make.data}
          username={session.account.username ?? session.account.email ?? ''}
          onKept={onClose}
        />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (proof.check()) make.mutate();
          }}
          noValidate
        >
          <Stack>
            <Text>The codes that you have now no longer work when the new ones are made.</Text>
            {make.error && <ProblemAlert problem={make.error} />}
            <ProofFields of={proof} problem={make.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={make.isPending}>
                Make new codes
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
