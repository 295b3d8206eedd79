/** The groups of a pupil: added, taken out, and handed back to the MIS (R13). */
import { Box, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { addOneLink, changeLink, type LinkChange } from '~/api/groups';
import type { PupilDetail } from '~/api/pupils';
import type { GroupReference } from '~/api/users';
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

interface PupilGroupsProps {
  pupil: PupilDetail;
  /** Groups that the pupil was taken out of by hand. */
  removed: readonly GroupReference[];
}

type Wanted = { change: LinkChange; group: GroupReference } | { change: 'new'; group: ChosenGroup };
type Make = (change: LinkChange, group: GroupReference) => void;

export function PupilGroups({ pupil, removed }: PupilGroupsProps) {
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: (wanted: Wanted) => carryOut(pupil.id, wanted),
    onSettled: () =>
      Promise.all(
        ['roster', 'activity'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
      ),
  });
  const make: Make = (wanted, group) => change.mutate({ change: wanted, group });
  return (
    <LinksBusy busy={change.isPending}>
      <Paper component="section" aria-label="Groups" p="md">
        <Title order={2} mb="xs">
          Groups
        </Title>
        <Stack>
          <Text>{BY_HAND_STAYS}</Text>
          {change.isError && (
            <LinkProblem problem={change.error} name={change.variables.group.name} />
          )}
          {pupil.groups.length === 0 && <Text c="dimmed">In no group.</Text>}
          <Rows label="Groups of the pupil" groups={pupil.groups}>
            {(group) => (
              <>
                {isByHand(group.link) && <HandBack group={group} make={make} />}
                <LinkAction
                  label={`Take out of ${group.name}`}
                  onClick={() => make('unlink', group)}
                >
                  Take out
                </LinkAction>
              </>
            )}
          </Rows>
          {removed.length > 0 && <Text fw={600}>Taken out by hand</Text>}
          <Rows label="Taken out by hand" groups={removed}>
            {(group) => (
              <>
                <HandBack group={group} make={make} />
                <LinkAction
                  label={`Put back into ${group.name}`}
                  onClick={() => make('link', group)}
                >
                  Put back
                </LinkAction>
              </>
            )}
          </Rows>
          <AddToGroup
            taken={pupil.groups.map(({ id }) => id)}
            busy={change.isPending}
            onAdd={(group) => change.mutate({ change: 'new', group })}
          />
        </Stack>
      </Paper>
    </LinksBusy>
  );
}

/** A group that is not shown is joined as it stands; one that is, only as it was looked at. */
async function carryOut(pupilId: string, { change, group }: Wanted): Promise<void> {
  if (change === 'new') {
    await addOneLink({ people: 'pupils', groupId: group.id, personId: pupilId });
    return;
  }
  const seen = group.link.version;
  await changeLink({ change, people: 'pupils', groupId: group.id, personId: pupilId, seen });
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
            <LinkBadge link={group.link} />
          </Group>
          <Group gap="xs">{children(group)}</Group>
        </Group>
      ))}
    </Stack>
  );
}

function HandBack({ group, make }: { group: GroupReference; make: Make }) {
  return (
    <LinkAction label={`${HAND_BACK}: ${group.name}`} onClick={() => make('hand-back', group)}>
      {HAND_BACK}
    </LinkAction>
  );
}

interface AddToGroupProps {
  taken: readonly string[];
  busy: boolean;
  onAdd: (group: ChosenGroup) => void;
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
          if (chosen) onAdd(chosen);
          setChosen(null);
          setRound(round + 1);
        }}
      >
        Put in
      </Button>
    </Group>
  );
}
