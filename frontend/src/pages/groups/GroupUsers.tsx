/** The users of a group: linked, unlinked and handed back to the MIS (R13, R14). */
import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { UserRoundPlus } from 'lucide-react';
import type { GroupDetail, GroupUser } from '~/api/groups';
import { LinkLists } from '~/components/LinkLists';
import { BY_HAND_STAYS, LinkProblem, LinksBusy, UNLINKING } from '~/components/link-by-hand';
import { TextLink } from '~/components/links';
import { RoleText } from '~/components/people';
import { AddUsers } from './AddUsers';
import { useOneLink } from './useOneLink';

const WORDS = {
  ...UNLINKING,
  none: 'No user is linked to this group.',
  linked: 'Linked users',
};

export function GroupUsers({ group, editable }: { group: GroupDetail; editable: boolean }) {
  const [adding, dialog] = useDisclosure(false);
  const { change, make } = useOneLink('users', group.id);
  return (
    <LinksBusy busy={change.isPending}>
      <Paper component="section" aria-label="Users" p="md">
        <Group justify="space-between" mb="xs">
          <Title order={2}>Users</Title>
          {editable && (
            <Button
              size="xs"
              leftSection={<UserRoundPlus size={15} aria-hidden />}
              onClick={dialog.open}
            >
              Add users
            </Button>
          )}
        </Group>
        <Stack>
          {editable && (
            <Text>
              Teachers who are linked see the pupils of this group. SLT see the whole school.{' '}
              {BY_HAND_STAYS}
            </Text>
          )}
          {change.isError && (
            <LinkProblem problem={change.error} name={change.variables.person.name} />
          )}
          <LinkLists
            words={WORDS}
            linked={group.users.map(named)}
            unlinked={group.unlinked.map(named)}
            editable={editable}
            make={make}
          >
            {(user) => (
              <>
                {editable ? (
                  <TextLink to="/users/$userId" params={{ userId: user.id }} fw={600}>
                    {user.name}
                  </TextLink>
                ) : (
                  <Text fw={600}>{user.name}</Text>
                )}
                <Text c="dimmed">
                  <RoleText role={user.role} />
                </Text>
                {!user.active && <Badge color="slate">Inactive</Badge>}
              </>
            )}
          </LinkLists>
        </Stack>
        {adding && <AddUsers group={group} onClose={dialog.close} />}
      </Paper>
    </LinksBusy>
  );
}

function named(user: GroupUser): GroupUser & { name: string } {
  return { ...user, name: [user.title, user.forename, user.surname].filter(Boolean).join(' ') };
}
