/** Takes the logo away, once one has said so twice. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { keepLogo, takeLogoAway } from '~/api/logo';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';

export function TakeLogoAway({ onOpen }: { onOpen: () => void }) {
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const taking = useMutation({
    mutationFn: takeLogoAway,
    onSuccess: () => keepLogo(queryClient, null),
  });
  return (
    <>
      <Button
        variant="default"
        size="sm"
        onClick={() => {
          onOpen();
          taking.reset();
          dialog.open();
        }}
      >
        Take the logo away
      </Button>
      <Dialog opened={open} onClose={dialog.close} title="Take the logo away?">
        <Stack>
          {taking.isError && <ProblemAlert problem={taking.error} />}
          <Text>Reports are made without a logo from now on, until another one is uploaded.</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={dialog.close}>
              Cancel
            </Button>
            <Button onClick={() => taking.mutate()} loading={taking.isPending}>
              Take the logo away
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}
