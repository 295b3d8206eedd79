/** The school's default password: when it was made, and making another one (R2). */
import { Alert, Button, CopyButton, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { defaultPasswordQuery, newDefaultPassword } from '~/api/users';
import { useMutation } from '~/app/mutation';
import { DefaultPaused } from '~/components/DefaultPaused';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';
import { formatMoment } from '~/school/words';

interface DefaultPasswordProps {
  opened: boolean;
  onClose: () => void;
}

export function DefaultPassword({ opened, onClose }: DefaultPasswordProps) {
  const queryClient = useQueryClient();
  const state = useQuery({ ...defaultPasswordQuery, enabled: opened });
  const make = useMutation({
    mutationFn: newDefaultPassword,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: defaultPasswordQuery.queryKey }),
  });
  const close = () => {
    onClose();
    make.reset();
  };
  return (
    <Dialog opened={opened} onClose={close} title="Default password" held={make.data !== undefined}>
      <Stack>
        {make.isError && <ProblemAlert problem={make.error} />}
        {make.data === undefined ? (
          <>
            <Text>
              New users sign in with it once and then choose a password of their own. It opens
              nothing else, and works for 14 days from when a user is added.
            </Text>
            {state.data && !state.data.in_use && (
              <Alert color="amber" title="Your school uses starting codes">
                The default password opens nothing now. Each new user gets a code of their own on a
                slip: see Claimed and unclaimed accounts.
              </Alert>
            )}
            {state.data?.paused_until && <DefaultPaused until={state.data.paused_until} />}
            {state.data?.made_at && (
              <Text>
                Yours was made: {formatMoment(state.data.made_at)}. For safety it is not kept in a
                form that can be shown. If nobody remembers it, make a new one; it takes the place
                of the old one at once.
              </Text>
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button onClick={() => make.mutate()} loading={make.isPending}>
                Make a new one
              </Button>
            </Group>
          </>
        ) : (
          <NewPassword words={make.data} onDone={close} />
        )}
      </Stack>
    </Dialog>
  );
}

function NewPassword({ words, onDone }: { words: string; onDone: () => void }) {
  return (
    <>
      <Text>This is the new default password. Write it down: it is shown only now.</Text>
      <Paper bg="slate.0" p="md">
        <Text fz="lg" fw={600} ta="center" role="status" aria-label="The new default password">
          {words}
        </Text>
      </Paper>
      <Group justify="flex-end">
        <CopyButton value={words}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>Done</Button>
      </Group>
    </>
  );
}
