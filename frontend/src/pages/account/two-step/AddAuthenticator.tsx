/** Adding an authenticator: one's proof and its name, its key and first code, recovery codes. */
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ProblemError } from '~/api/problem';
import { type Session, sessionQuery } from '~/api/session';
import { newAuthenticator, type SetUpDone, twoStepQuery } from '~/api/two-step';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';
import { NewKey } from '~/pages/two-step/NewKey';
import { RecoveryCodes } from '~/pages/two-step/RecoveryCodes';
import { ProofFields, useProof } from './Proof';

interface AddAuthenticatorProps {
  session: Session;
  isOn: boolean;
  onClose: () => void;
}

export function AddAuthenticator({ session, isOn, onClose }: AddAuthenticatorProps) {
  const queryClient = useQueryClient();
  const shared = session.account.kind === 'admin';
  const [withCode] = useState(isOn);
  const proof = useProof(withCode);
  const [name, setName] = useState('');
  const [codes, setCodes] = useState<readonly string[]>();
  const begin = useMutation({ mutationFn: () => newAuthenticator(name, proof.proof) });
  const wrong = begin.error instanceof ProblemError ? begin.error : undefined;

  function added(done: SetUpDone) {
    queryClient.setQueryData(sessionQuery.queryKey, done.session);
    void queryClient.invalidateQueries({ queryKey: twoStepQuery.queryKey });
    if (done.recovery_codes) setCodes(done.recovery_codes);
    else onClose();
  }

  return (
    <Dialog
      opened
      onClose={onClose}
      title={codes || !isOn ? 'Set up two-step sign-in' : 'Add an authenticator'}
      held={codes !== undefined}
    >
      {codes ? (
        <RecoveryCodes
          codes={codes}
          username={session.account.username ?? session.account.email ?? ''}
          onKept={onClose}
        />
      ) : begin.data ? (
        <NewKey begun={begin.data} onDone={added} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (proof.check() && name.trim()) begin.mutate();
          }}
          noValidate
        >
          <Stack>
            {withCode && (
              <Text>
                First show that it is you: your password and a code of an authenticator that is
                there already.
              </Text>
            )}
            {begin.error && <ProblemAlert problem={begin.error} />}
            <TextInput
              label="Name of the new authenticator"
              description={
                shared
                  ? 'Whose it is, such as Mrs Smith’s phone.'
                  : 'Such as My phone or My tablet.'
              }
              maxLength={60}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={proof.tried && !name.trim() ? 'Give it a name' : wrong?.field('name')}
              data-autofocus
            />
            <ProofFields of={proof} problem={begin.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={begin.isPending}>
                Next
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
