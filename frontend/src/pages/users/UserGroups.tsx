/** The groups of a user: linked, unlinked and handed back to the MIS (R13). */
import { Badge, Box, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { changeLink, type GroupReference, type LinkChange, type User } from '~/api/users';
import { TextLink } from '~/components/links';
import { ProblemAlert } from '~/components/messages';
import { ByHandBadge } from '~/components/people';
import { yearGroupName } from '~/school/words';
import { type ChosenGroup, GroupPicker } from './GroupPicker';

interface UserGroupsProps {
  user: User;
  /** Groups that were taken off the user by hand. */
  unlinked: readonly GroupReference[];
}

type Change = (change: LinkChange, groupId: string) => void;

export function UserGroups({ user, unlinked }: UserGroupsProps) {
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: (wanted: { change: LinkChange; groupId: string }) =>
      changeLink(wanted.change, user.id, wanted.groupId),
    onSettled: () =>
      Promise.all(
        ['users', 'roster'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
      ),
  });
  const make: Change = (wanted, groupId) => change.mutate({ change: wanted, groupId });
  return (
    <Paper component="section" aria-label="Groups" p="md">
      <Title order={2} mb="xs">
        Groups
      </Title>
      <Stack>
        <Text>
          The pupils of these groups are the ones that a teacher sees. What you change here is not
          changed again by the MIS sync, until you hand it back.
        </Text>
        {change.isError && <ProblemAlert problem={change.error} />}
        {user.groups.length === 0 && <Text c="dimmed">Linked to no group.</Text>}
        <Rows label="Linked groups" groups={user.groups}>
          {(group) => (
            <>
              {group.link.override && (
                <Action
                  label={`Hand back to the MIS: ${group.name}`}
                  onClick={() => make('hand-back', group.id)}
                >
                  Hand back to the MIS
                </Action>
              )}
              <Action label={`Unlink: ${group.name}`} onClick={() => make('unlink', group.id)}>
                Unlink
              </Action>
            </>
          )}
        </Rows>
        {unlinked.length > 0 && <Text fw={600}>Unlinked by hand</Text>}
        <Rows label="Unlinked by hand" groups={unlinked}>
          {(group) => (
            <>
              <Action
                label={`Hand back to the MIS: ${group.name}`}
                onClick={() => make('hand-back', group.id)}
              >
                Hand back to the MIS
              </Action>
              <Action label={`Link again: ${group.name}`} onClick={() => make('link', group.id)}>
                Link again
              </Action>
            </>
          )}
        </Rows>
        <LinkGroup
          taken={user.groups.map(({ id }) => id)}
          busy={change.isPending}
          onLink={(groupId) => make('link', groupId)}
        />
      </Stack>
    </Paper>
  );
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
            {group.link.override ? <ByHandBadge /> : <FromBadge origin={group.link.origin} />}
          </Group>
          <Group gap="xs">{children(group)}</Group>
        </Group>
      ))}
    </Stack>
  );
}

function FromBadge({ origin }: { origin: string }) {
  return (
    <Badge size="md" color="lagoon">
      {origin === 'mis' ? 'MIS' : 'Import'}
    </Badge>
  );
}

interface ActionProps {
  label: string;
  onClick: () => void;
  children: ReactNode;
}

function Action({ label, onClick, children }: ActionProps) {
  return (
    <Button variant="default" size="xs" aria-label={label} onClick={onClick}>
      {children}
    </Button>
  );
}

interface LinkGroupProps {
  taken: readonly string[];
  busy: boolean;
  onLink: (groupId: string) => void;
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
          if (chosen) onLink(chosen.id);
          setChosen(null);
          setRound(round + 1);
        }}
      >
        Link
      </Button>
    </Group>
  );
}
