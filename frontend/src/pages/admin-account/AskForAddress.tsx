/** The form with which a head or deputy asks for another address of the admin account (R5). */
import { Button, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { adminEmailQuery, askForAddress } from '~/api/admin-email';
import { ProblemError } from '~/api/problem';
import { twoStepQuery } from '~/api/two-step';
import { useMutation } from '~/app/mutation';
import { Loading, ProblemAlert } from '~/components/messages';
import { UnsavedChanges } from '~/components/UnsavedChanges';
import { ProofFields, useProof } from '~/pages/account/two-step/Proof';

export function AskForAddress({ replaces }: { replaces: boolean }) {
  const twoStep = useQuery(twoStepQuery);
  if (twoStep.error) {
    return <ProblemAlert problem={twoStep.error} onRetry={() => twoStep.refetch()} />;
  }
  if (!twoStep.data) return <Loading />;
  return <Form replaces={replaces} withCode={twoStep.data.authenticators.length > 0} />;
}

function Form({ replaces, withCode }: { replaces: boolean; withCode: boolean }) {
  const queryClient = useQueryClient();
  const proof = useProof(withCode);
  const [email, setEmail] = useState('');
  const [tried, setTried] = useState(false);
  const ask = useMutation({
    mutationFn: () => askForAddress({ email: email.trim(), ...proof.proof }),
    // The page then shows this form anew, for another request.
    onSuccess: (found) => queryClient.setQueryData(adminEmailQuery.queryKey, found),
  });
  const missing = email.includes('@') ? undefined : 'Enter a whole e-mail address';
  const refused = ask.error instanceof ProblemError ? ask.error.field('email') : undefined;
  return (
    <Paper component="section" aria-labelledby="ask-for-address" p="md">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          const complete = proof.check();
          if (complete && !missing) {
            setTried(false);
            ask.mutate();
          }
        }}
        noValidate
      >
        <Stack maw="30rem">
          <UnsavedChanges unsaved={email.trim() !== ''} />
          <Title order={2} id="ask-for-address">
            Ask for another address
          </Title>
          <Text>
            We send a link to the new address, which works for three days. The address counts once
            somebody there has opened the link and confirmed it. The present address is told at
            once, and again when it has changed.
            {replaces && ' A new request takes the place of the one that is waiting.'}
          </Text>
          {ask.error && <ProblemAlert problem={ask.error} />}
          <TextInput
            label="New e-mail address of the admin account"
            type="email"
            autoComplete="off"
            description="One that the school keeps when people leave is best, such as the office’s."
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            error={(tried && missing) || refused}
          />
          <ProofFields of={proof} problem={ask.error} />
          <Button type="submit" loading={ask.isPending} style={{ alignSelf: 'flex-start' }}>
            Ask for this address
          </Button>
        </Stack>
      </form>
    </Paper>
  );
}
