/** Making a user inactive, and active again: nothing is deleted (R6). */
import { Button, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { makeActive, type User } from '~/api/users';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';

export function UserActive({ user }: { user: User }) {
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: () => makeActive(user.id, !user.active),
    onSuccess: dialog.close,
    onSettled: () =>
      Promise.all(
        ['users', 'roster'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
      ),
  });
  const action = user.active ? 'Make inactive' : 'Make active';
  const name = `${user.forename} ${user.surname}`;
  return (
    <Paper component="section" aria-label="Active or inactive" p="md">
      <Title order={2} mb="xs">
        {user.active ? 'Active' : 'Inactive'}
      </Title>
      <Stack align="flex-start">
        <Text>
          {user.active
            ? 'Users are never deleted. Make a user inactive when they leave.'
            : 'This user cannot sign in. Everything they had is kept.'}
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
      <Dialog opened={open} onClose={dialog.close} title={`${action}: ${name}?`}>
        <Stack>
          {change.isError && <ProblemAlert problem={change.error} />}
          {user.active ? <WhatInactiveMeans /> : <WhatActiveMeans />}
          <Group justify="flex-end">
            <Button variant="default" onClick={dialog.close}>
              Cancel
            </Button>
            <Button
              color={user.active ? 'brick' : undefined}
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

function WhatInactiveMeans() {
  return (
    <List spacing="xs">
      <List.Item>They are signed out at once, wherever they are signed in.</List.Item>
      <List.Item>They cannot sign in.</List.Item>
      <List.Item>
        Their details, groups and password are kept. You can make them active again at any time.
      </List.Item>
      <List.Item>
        Their e-mail address stays taken. Take it off first if another user is to have it.
      </List.Item>
    </List>
  );
}

function WhatActiveMeans() {
  return (
    <Text>
      They can sign in again, with the password, the details and the groups that they had.
    </Text>
  );
}
