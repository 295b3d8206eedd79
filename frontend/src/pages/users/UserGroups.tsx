/** The groups of a user: linked, unlinked and handed back to the MIS (R13). */
import { Box, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { addOneLink, changeLink, type LinkChange } from '~/api/groups';
import type { GroupReference, User } from '~/api/users';
import { type ChosenGroup, GroupPicker } from '~/components/GroupPicker';
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
import { yearGroupName } from '~/school/words';

interface UserGroupsProps {
  user: User;
  /** Groups that were taken off the user by hand. */
  unlinked: readonly GroupReference[];
}

type Wanted = { change: LinkChange; group: GroupReference } | { change: 'new'; group: ChosenGroup };

export function UserGroups({ user, unlinked }: UserGroupsProps) {
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: (wanted: Wanted) => carryOut(user.id, wanted),
    onSettled: () =>
      Promise.all(
        ['users', 'roster'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
      ),
  });
  const make = (wanted: LinkChange, group: GroupReference) =>
    change.mutate({ change: wanted, group });
  return (
    <LinksBusy busy={change.isPending}>
      <Paper component="section" aria-label="Groups" p="md">
        <Title order={2} mb="xs">
          Groups
        </Title>
        <Stack>
          <Text>The pupils of these groups are the ones that a teacher sees. {BY_HAND_STAYS}</Text>
          {change.isError && (
            <LinkProblem problem={change.error} name={change.variables.group.name} />
          )}
          {user.groups.length === 0 && <Text c="dimmed">Linked to no group.</Text>}
          <Rows label="Linked groups" groups={user.groups}>
            {(group) => (
              <>
                {isByHand(group.link) && (
                  <LinkAction
                    label={`${HAND_BACK}: ${group.name}`}
                    onClick={() => make('hand-back', group)}
                  >
                    {HAND_BACK}
                  </LinkAction>
                )}
                <LinkAction label={`Unlink: ${group.name}`} onClick={() => make('unlink', group)}>
                  Unlink
                </LinkAction>
              </>
            )}
          </Rows>
          {unlinked.length > 0 && <Text fw={600}>Unlinked by hand</Text>}
          <Rows label="Unlinked by hand" groups={unlinked}>
            {(group) => (
              <>
                <LinkAction
                  label={`${HAND_BACK}: ${group.name}`}
                  onClick={() => make('hand-back', group)}
                >
                  {HAND_BACK}
                </LinkAction>
                <LinkAction label={`Link again: ${group.name}`} onClick={() => make('link', group)}>
                  Link again
                </LinkAction>
              </>
            )}
          </Rows>
          <LinkGroup
            taken={user.groups.map(({ id }) => id)}
            busy={change.isPending}
            onLink={(group) => change.mutate({ change: 'new', group })}
          />
        </Stack>
      </Paper>
    </LinksBusy>
  );
}

/** A group that is not shown is linked as it stands; one that is, only as it was looked at. */
async function carryOut(userId: string, { change, group }: Wanted): Promise<void> {
  if (change === 'new') {
    await addOneLink({ people: 'users', groupId: group.id, personId: userId });
    return;
  }
  const seen = group.link.version;
  await changeLink({ change, people: 'users', groupId: group.id, personId: userId, seen });
}

interface RowsProps {
  label: string;
  groups: readonly GroupReference[];
  children: (group: GroupReference) => ReactNode;
}

function Rows({ label, groups, children }: RowsProps) {
  if (groups.length === 0) return null;
  return (
    <Stack component="ul" aria-label={label} gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
      {groups.map((group) => (
        <Group component="li" key={group.id} gap="sm" justify="space-between">
          <Group gap="sm">
            <TextLink to="/groups/$groupId" params={{ groupId: group.id }} fw={600}>
              {group.name}
            </TextLink>
            {group.year_group && <Text c="dimmed">{yearGroupName(group.year_group)}</Text>}
            <LinkBadge link={group.link} />
          </Group>
          <Group gap="xs">{children(group)}</Group>
        </Group>
      ))}
    </Stack>
  );
}

interface LinkGroupProps {
  taken: readonly string[];
  busy: boolean;
  onLink: (group: ChosenGroup) => void;
}

function LinkGroup({ taken, busy, onLink }: LinkGroupProps) {
  const [chosen, setChosen] = useState<ChosenGroup | null>(null);
  /** Each choice begins with an empty field. */
  const [round, setRound] = useState(0);
  return (
    <Group align="flex-end" gap="sm">
      <Box flex="1 1 12rem" maw="24rem">
        <GroupPicker
          key={round}
          label="Link another group"
          taken={taken}
          value={chosen}
          onChange={setChosen}
        />
      </Box>
      <Button
        disabled={!chosen}
        loading={busy}
        onClick={() => {
          if (chosen) onLink(chosen);
          setChosen(null);
          setRound(round + 1);
        }}
      >
        Link
      </Button>
    </Group>
  );
}
