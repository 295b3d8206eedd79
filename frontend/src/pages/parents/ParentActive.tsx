/** Making a parent inactive, and active again: nothing is deleted (R6). */
import { Button, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { makeParentActive, type Parent } from '~/api/parents';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';

export function ParentActive({ parent }: { parent: Parent }) {
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: () => makeParentActive(parent.id, !parent.active),
    onSuccess: dialog.close,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['parents'] }),
  });
  const action = parent.active ? 'Make inactive' : 'Make active';
  return (
    <Paper component="section" aria-label="Active or inactive" p="md">
      <Title order={2} mb="xs">
        {parent.active ? 'Active' : 'Inactive'}
      </Title>
      <Stack align="flex-start">
        <Text>
          {parent.active
            ? 'Parents are never deleted. Make a parent inactive when they should not see their children here any more.'
            : 'This parent cannot sign in. Everything they had is kept.'}
        </Text>
        <Button
          variant="default"
          onClick={() => {
            change.reset();
            dialog.open();
          }}
        >
          {action}
        </Button>
      </Stack>
      <Dialog opened={open} onClose={dialog.close} title={`${action}: ${parent.name}?`}>
        <Stack>
          {change.isError && <ProblemAlert problem={change.error} />}
          {parent.active ? (
            <List spacing="xs">
              <List.Item>They are signed out at once, and cannot sign in.</List.Item>
              <List.Item>
                Their details, children and password are kept. You can make them active again at any
                time.
              </List.Item>
              <List.Item>
                Their e-mail address stays taken. Take it off afterwards if another account is to
                have it.
              </List.Item>
            </List>
          ) : (
            <Text>They can sign in again, with the password and the children that they had.</Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={dialog.close}>
              Cancel
            </Button>
            <Button
              color={parent.active ? 'brick' : undefined}
              onClick={() => change.mutate()}
              loading={change.isPending}
            >
              {action}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </Paper>
  );
}
