/** The groups of a pupil: added, taken out, and handed back to the MIS (R13). */
import { Badge, Box, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { changeMembership, type MembershipChange, type PupilDetail } from '~/api/pupils';
import type { GroupReference } from '~/api/users';
import { TextLink } from '~/components/links';
import { ProblemAlert } from '~/components/messages';
import { ByHandBadge, OriginText } from '~/components/people';
import { type ChosenGroup, GroupPicker } from '~/pages/users/GroupPicker';
import { yearGroupName } from '~/school/words';

interface PupilGroupsProps {
  pupil: PupilDetail;
  /** Groups that the pupil was taken out of by hand. */
  removed: readonly GroupReference[];
}

export function PupilGroups({ pupil, removed }: PupilGroupsProps) {
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: (wanted: { change: MembershipChange; groupId: string }) =>
      changeMembership(wanted.change, pupil.id, wanted.groupId),
    onSettled: () =>
      Promise.all(
        ['roster', 'activity'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
      ),
  });
  const make = (wanted: MembershipChange, groupId: string) =>
    change.mutate({ change: wanted, groupId });
  return (
    <Paper component="section" aria-label="Groups" p="md">
      <Title order={2} mb="xs">
        Groups
      </Title>
      <Stack>
        <Text>
          What you change here is not changed again by the MIS sync, until you hand it back.
        </Text>
        {change.isError && <ProblemAlert problem={change.error} />}
        {pupil.groups.length === 0 && <Text c="dimmed">In no group.</Text>}
        <Rows label="Groups of the pupil" groups={pupil.groups}>
          {(group) => (
            <>
              {group.link.override && <HandBack group={group} make={make} />}
              <Action label={`Take out of ${group.name}`} onClick={() => make('remove', group.id)}>
                Take out
              </Action>
            </>
          )}
        </Rows>
        {removed.length > 0 && <Text fw={600}>Taken out by hand</Text>}
        <Rows label="Taken out by hand" groups={removed}>
          {(group) => (
            <>
              <HandBack group={group} make={make} />
              <Action label={`Put back into ${group.name}`} onClick={() => make('add', group.id)}>
                Put back
              </Action>
            </>
          )}
        </Rows>
        <AddToGroup
          taken={pupil.groups.map(({ id }) => id)}
          busy={change.isPending}
          onAdd={(groupId) => make('add', groupId)}
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
            <Text c="dimmed">
              {group.kind === 'class' ? 'Class' : 'Set'}
              {group.year_group && `, ${yearGroupName(group.year_group)}`}
            </Text>
            {group.link.override ? (
              <ByHandBadge />
            ) : (
              <Badge size="md" color="lagoon">
                <OriginText origin={group.link.origin} />
              </Badge>
            )}
          </Group>
          <Group gap="xs">{children(group)}</Group>
        </Group>
      ))}
    </Stack>
  );
}

interface HandBackProps {
  group: GroupReference;
  make: (change: MembershipChange, groupId: string) => void;
}

function HandBack({ group, make }: HandBackProps) {
  return (
    <Action
      label={`Hand back to the MIS: ${group.name}`}
      onClick={() => make('hand-back', group.id)}
    >
      Hand back to the MIS
    </Action>
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

interface AddToGroupProps {
  taken: readonly string[];
  busy: boolean;
  onAdd: (groupId: string) => void;
}

function AddToGroup({ taken, busy, onAdd }: AddToGroupProps) {
  const [chosen, setChosen] = useState<ChosenGroup | null>(null);
  /** Each choice begins with an empty field. */
  const [round, setRound] = useState(0);
  return (
    <Group align="flex-end" gap="sm">
      <Box flex="1 1 12rem" maw="24rem">
        <GroupPicker
          key={round}
          label="Put into another group"
          taken={taken}
          value={chosen}
          onChange={setChosen}
        />
      </Box>
      <Button
        disabled={!chosen}
        loading={busy}
        onClick={() => {
          if (chosen) onAdd(chosen.id);
          setChosen(null);
          setRound(round + 1);
        }}
      >
        Put in
      </Button>
    </Group>
  );
}
