/** Giving an authenticator another name. */
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ProblemError } from '~/api/problem';
import { type Authenticator, nameAuthenticator, twoStepQuery } from '~/api/two-step';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';

interface RenameAuthenticatorProps {
  which: Authenticator;
  onClose: () => void;
}

export function RenameAuthenticator({ which, onClose }: RenameAuthenticatorProps) {
  const queryClient = useQueryClient();
  const [name, setName] = useState(which.name);
  const rename = useMutation({
    mutationFn: () => nameAuthenticator(which.id, name, which.version),
    onSuccess: onClose,
    onSettled: () => queryClient.invalidateQueries({ queryKey: twoStepQuery.queryKey }),
  });
  const wrong = rename.error instanceof ProblemError ? rename.error.field('name') : undefined;
  return (
    <Dialog opened onClose={onClose} title={`Rename ${which.name}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) rename.mutate();
        }}
        noValidate
      >
        <Stack>
          {rename.error && <ProblemAlert problem={rename.error} />}
          <TextInput
            label="Name"
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={name.trim() ? wrong : 'Give it a name'}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={rename.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
