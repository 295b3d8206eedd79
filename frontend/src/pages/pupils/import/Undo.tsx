/** Undoing the last import, for 7 days (R10). */
import { Button, Group, List, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { keepPupilImport, type PupilImport, undoPupils } from '~/api/pupil-imports';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';
import { formatMoment } from '~/school/words';

export function Undo({ made, until }: { made: PupilImport; until: string }) {
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const undoing = useMutation({
    mutationFn: () => undoPupils(made.id),
    onSuccess: (undone) => {
      dialog.close();
      keepPupilImport(queryClient, undone);
    },
  });
  return (
    <>
      <Button variant="default" onClick={dialog.open} leftSection={<Undo2 size={16} aria-hidden />}>
        Undo this import
      </Button>
      <Dialog opened={open} onClose={dialog.close} title="Undo this import?">
        <Stack>
          {undoing.error && <ProblemAlert problem={undoing.error} />}
          <List spacing="xs">
            <List.Item>
              Whatever is still as the import left it goes back to how it was before.
            </List.Item>
            <List.Item>Pupils and classes that it added become inactive.</List.Item>
            <List.Item>Pupils whom it made inactive are active again.</List.Item>
            <List.Item>
              What was changed since, by hand or by the MIS, stays as it is and is listed.
            </List.Item>
          </List>
          <Text c="dimmed">It can be undone until {formatMoment(until)}.</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={dialog.close}>
              Keep it
            </Button>
            <Button onClick={() => undoing.mutate()} loading={undoing.isPending}>
              Undo it
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}
