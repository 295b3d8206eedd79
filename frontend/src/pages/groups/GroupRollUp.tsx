/** What the next roll-up does with a group, leading to the one table where that is set (R12, R29). */
import { Badge, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import type { GroupDetail, GroupRollUp as RollUp } from '~/api/groups';
import { TextLink } from '~/components/links';
import { counted, formatDate, yearGroupName } from '~/school/words';

export function GroupRollUp({ group, rollUp }: { group: GroupDetail; rollUp: RollUp }) {
  const { follows, precedes, takes_leavers } = rollUp;
  const nothing = follows.length === 0 && precedes.length === 0 && !takes_leavers;
  return (
    <Paper component="section" aria-label="At the roll-up" p="md">
      <Title order={2} mb="xs">
        At the roll-up
      </Title>
      <Stack gap="sm">
        <Text c="dimmed">
          {rollUp.waits
            ? 'The roll-up was undone, and runs when you say so.'
            : `The next one is on ${formatDate(rollUp.due_on)}.`}
        </Text>
        {nothing && <Text>No pupils go from this group, and none come into it.</Text>}
        {follows.length > 0 && (
          <List spacing="xs" listStyleType="none" aria-label="Where its pupils go">
            {follows.map((row) => (
              <List.Item key={row.year_group ?? ''}>
                <Group gap="xs">
                  <Text>
                    {counted(row.pupils, 'pupil')}
                    {row.year_group && ` of ${yearGroupName(row.year_group)}`}{' '}
                    <Goes row={row} self={group.id} />
                  </Text>
                  {!row.leaving && row.group?.id !== group.id && <How how={row.how} />}
                </Group>
              </List.Item>
            ))}
          </List>
        )}
        {precedes.length > 0 && (
          <List spacing="xs" listStyleType="none" aria-label="Who comes into it">
            {precedes.map((row) => (
              <List.Item key={`${row.group.id} ${row.year_group}`}>
                {counted(row.pupils, 'pupil comes', 'pupils come')} from{' '}
                <TextLink
                  to="/groups/$groupId"
                  params={{ groupId: row.group.id }}
                  inherit
                  underline="always"
                >
                  {row.group.name}
                </TextLink>
              </List.Item>
            ))}
          </List>
        )}
        {takes_leavers && <Text>Pupils who leave are put into this set.</Text>}
        <TextLink to="/data-management/roll-up" fw={600}>
          See and change which class follows which
        </TextLink>
      </Stack>
    </Paper>
  );
}

function Goes({ row, self }: { row: RollUp['follows'][number]; self: string }) {
  if (row.leaving) return row.pupils === 1 ? 'leaves.' : 'leave.';
  if (!row.group) return 'would be without a class.';
  if (row.group.id === self) return row.pupils === 1 ? 'stays in it.' : 'stay in it.';
  return (
    <>
      {row.pupils === 1 ? 'goes' : 'go'} to{' '}
      <TextLink to="/groups/$groupId" params={{ groupId: row.group.id }} inherit underline="always">
        {row.group.name}
      </TextLink>
    </>
  );
}

function How({ how }: { how: 'named' | 'proposed' | 'none' }) {
  if (how === 'named') return <Badge>Chosen here</Badge>;
  if (how === 'proposed') return <Badge color="slate">Proposed</Badge>;
  return <Badge color="amber">No class follows</Badge>;
}
