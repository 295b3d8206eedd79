/** Details that were set by hand, left to the MIS again one by one (R13). */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type Detail, handBackDetail, type User } from '~/api/users';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';
import { DETAIL_NAMES, detailsSetByHand } from './user-form';

export function HandBackDetails({ user }: { user: User }) {
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const details = detailsSetByHand(user.overrides);
  const handBack = useMutation({
    mutationFn: (detail: Detail) => handBackDetail(user, detail),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['users'] }),
  });
  if (details.length === 0 && !open) return null;
  return (
    <>
      <Button
        variant="default"
        size="xs"
        onClick={() => {
          handBack.reset();
          dialog.open();
        }}
      >
        Hand details back to the MIS
      </Button>
      <Dialog opened={open} onClose={dialog.close} title="Hand details back to the MIS">
        <Stack>
          {handBack.isError && <ProblemAlert problem={handBack.error} />}
          <Text>
            These were set by hand, so the MIS sync leaves them alone. One that you hand back stays
            as it is here until the sync brings another from the MIS.
          </Text>
          {details.length === 0 && <Text role="status">Nothing is set by hand any more.</Text>}
          <Stack component="ul" aria-label="Set by hand" gap="sm" m={0} p={0}>
            {details.map((detail) => (
              <Group component="li" key={detail} justify="space-between" wrap="nowrap">
                <div>
                  <Text fw={600}>{capitalised(DETAIL_NAMES[detail])}</Text>
                  <Text c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                    {user[detail] ?? 'Empty'}
                  </Text>
                </div>
                <Button
                  variant="default"
                  size="xs"
                  style={{ flexShrink: 0 }}
                  aria-label={`Hand back to the MIS: ${DETAIL_NAMES[detail]}`}
                  loading={handBack.isPending && handBack.variables === detail}
                  disabled={handBack.isPending}
                  onClick={() => handBack.mutate(detail)}
                >
                  Hand back
                </Button>
              </Group>
            ))}
          </Stack>
          <Group justify="flex-end">
            <Button onClick={dialog.close}>Done</Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
