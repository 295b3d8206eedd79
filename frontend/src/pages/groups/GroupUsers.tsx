/** The users of a group: linked, unlinked and handed back to the MIS (R13, R14). */
import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { UserRoundPlus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { GroupDetail, GroupUser } from '~/api/groups';
import {
  BY_HAND_STAYS,
  HAND_BACK,
  isByHand,
  LinkAction,
  LinkBadge,
  LinkProblem,
  LinksBusy,
} from '~/components/link-by-hand';
import { TextLink } from '~/components/links';
import { RoleText } from '~/components/people';
import { AddUsers } from './AddUsers';
import { useOneLink } from './useOneLink';

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
          {group.users.length === 0 && <Text c="dimmed">No user is linked to this group.</Text>}
          <Rows label="Linked users" users={group.users} editable={editable}>
            {(user) => (
              <>
                {isByHand(user.link) && (
                  <LinkAction
                    label={`${HAND_BACK}: ${user.name}`}
                    onClick={() => make('hand-back', user)}
                  >
                    {HAND_BACK}
                  </LinkAction>
                )}
                <LinkAction label={`Unlink: ${user.name}`} onClick={() => make('unlink', user)}>
                  Unlink
                </LinkAction>
              </>
            )}
          </Rows>
          {group.unlinked.length > 0 && <Text fw={600}>Unlinked by hand</Text>}
          <Rows label="Unlinked by hand" users={group.unlinked} editable={editable}>
            {(user) => (
              <>
                <LinkAction
                  label={`${HAND_BACK}: ${user.name}`}
                  onClick={() => make('hand-back', user)}
                >
                  {HAND_BACK}
                </LinkAction>
                <LinkAction label={`Link again: ${user.name}`} onClick={() => make('link', user)}>
                  Link again
                </LinkAction>
              </>
            )}
          </Rows>
        </Stack>
        {adding && <AddUsers group={group} onClose={dialog.close} />}
      </Paper>
    </LinksBusy>
  );
}

type NamedUser = GroupUser & { name: string };

interface RowsProps {
  label: string;
  users: readonly GroupUser[];
  editable: boolean;
  children: (user: NamedUser) => ReactNode;
}

function Rows({ label, users, editable, children }: RowsProps) {
  if (users.length === 0) return null;
  return (
    <Stack component="ul" aria-label={label} gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
      {users.map((user) => {
        const name = [user.title, user.forename, user.surname].filter(Boolean).join(' ');
        return (
          <Group component="li" key={user.id} gap="sm" justify="space-between">
            <Group gap="sm">
              {editable ? (
                <TextLink to="/users/$userId" params={{ userId: user.id }} fw={600}>
                  {name}
                </TextLink>
              ) : (
                <Text fw={600}>{name}</Text>
              )}
              <Text c="dimmed">
                <RoleText role={user.role} />
              </Text>
              {!user.active && <Badge color="slate">Inactive</Badge>}
              <LinkBadge link={user.link} />
            </Group>
            {editable && <Group gap="xs">{children({ ...user, name })}</Group>}
          </Group>
        );
      })}
    </Stack>
  );
}
