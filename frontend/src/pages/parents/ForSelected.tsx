/** What can be done to several parents at once. */
import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { inviteAgain, makeParentsActive, type Parent } from '~/api/parents';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';
import { counted } from '~/school/words';

interface ForSelectedProps {
  rows: readonly Parent[];
  selected: ReadonlySet<string>;
  onSelect: (ids: readonly string[]) => void;
  /** The list shows active parents, or inactive ones. */
  active: boolean;
}

export function ForSelected({ rows, selected, onSelect, active }: ForSelectedProps) {
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const ids = rows.map(({ id }) => id).filter((id) => selected.has(id));
  const done = (title: string, message: string) => {
    notifications.show({ color: 'leaf', title, message });
    onSelect([]);
  };
  const settled = () => queryClient.invalidateQueries({ queryKey: ['parents'] });
  const invite = useMutation({
    mutationFn: () => inviteAgain(ids),
    onSuccess: ({ sent, claimed, inactive }) => {
      const passed = [
        claimed > 0 && `${claimed} passed over, who have a password already`,
        inactive > 0 && `${inactive} passed over, who are inactive`,
      ].filter(Boolean);
      done('Invited again', [`${counted(sent, 'invitation')} sent`, ...passed].join('; '));
    },
    onSettled: settled,
  });
  const change = useMutation({
    mutationFn: () => makeParentsActive(ids, !active),
    onSuccess: (changed) => {
      dialog.close();
      done('Saved', `${counted(changed, 'parent')} made ${active ? 'inactive' : 'active'}`);
    },
    onSettled: settled,
  });
  const action = active ? 'Make inactive' : 'Make active';
  return (
    <Stack gap="xs" px="md" pb="sm">
      <Group gap="md" role="group" aria-label="For the selected parents">
        <Checkbox
          label="Select all on this page"
          checked={ids.length === rows.length}
          indeterminate={ids.length > 0 && ids.length < rows.length}
          onChange={(event) =>
            onSelect(event.currentTarget.checked ? rows.map(({ id }) => id) : [])
          }
        />
        {ids.length > 0 && (
          <>
            <Text size="sm" role="status">
              {counted(ids.length, 'parent')} selected
            </Text>
            {active && (
              <Button
                size="xs"
                variant="default"
                loading={invite.isPending}
                onClick={() => invite.mutate()}
              >
                Invite again
              </Button>
            )}
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                change.reset();
                dialog.open();
              }}
            >
              {action}
            </Button>
          </>
        )}
      </Group>
      {invite.isError && <ProblemAlert problem={invite.error} />}
      <Dialog
        opened={open}
        onClose={dialog.close}
        title={`${action}: ${counted(ids.length, 'parent')}?`}
      >
        <Stack>
          {change.isError && <ProblemAlert problem={change.error} />}
          <Text>
            {active
              ? 'They are signed out at once and cannot sign in. Everything they had is kept, and you can make them active again at any time.'
              : 'They can sign in again, with the password and the children that they had.'}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={dialog.close}>
              Cancel
            </Button>
            <Button
              color={active ? 'brick' : undefined}
              onClick={() => change.mutate()}
              loading={change.isPending}
            >
              {action}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </Stack>
  );
}
