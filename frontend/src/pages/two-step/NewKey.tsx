/** The key of a new authenticator, as a picture and to be typed, and the field for its first code. */
import { Button, Code, Image, List, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { type AuthenticatorBegun, giveFirstCode, type SetUpDone } from '~/api/two-step';
import { useMutation } from '~/app/mutation';
import { ProblemAlert } from '~/components/messages';
import { CodeField } from './CodeField';

interface NewKeyProps {
  begun: AuthenticatorBegun;
  onDone: (done: SetUpDone) => void;
}

export function NewKey({ begun, onDone }: NewKeyProps) {
  const [typed, setTyped] = useState('');
  const [missing, setMissing] = useState(false);
  const confirm = useMutation({
    mutationFn: () => giveFirstCode(begun.id, typed),
    onSuccess: onDone,
    onError: () => setTyped(''),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setMissing(!typed.trim());
        if (typed.trim()) confirm.mutate();
      }}
      noValidate
    >
      <Stack>
        <List type="ordered" spacing={4}>
          <List.Item>Open the authenticator app on the phone or tablet.</List.Item>
          <List.Item>Choose to add an account, and scan this picture.</List.Item>
          <List.Item>Type the six digits that the app then shows.</List.Item>
        </List>
        <Image
          src={begun.picture}
          alt="QR code of the key below, for the authenticator app"
          w={220}
          h={220}
          fit="contain"
          mx="auto"
        />
        <div>
          <Text size="sm" fw={600} id="authenticator-key">
            If it cannot be scanned, type this key into the app
          </Text>
          <Code
            block
            fz="md"
            aria-labelledby="authenticator-key"
            data-testid="authenticator-key"
            style={{ whiteSpace: 'normal' }}
          >
            {begun.key}
          </Code>
        </div>
        {confirm.error && <ProblemAlert problem={confirm.error} />}
        <CodeField
          recovery={false}
          value={typed}
          onChange={setTyped}
          error={missing ? 'Type the code' : null}
          autoFocus
        />
        <Button type="submit" loading={confirm.isPending}>
          Confirm
        </Button>
      </Stack>
    </form>
  );
}
