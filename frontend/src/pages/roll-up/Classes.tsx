/** Which class follows which, as one table; a joint class has a row for each year group in it. */
import { Badge, Button, Group, Paper, Select, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type GroupOfRollUp, type RollUpPlan, rollUpQuery, saveSuccessions } from '~/api/roll-up';
import { columnsOf, DataTable } from '~/components/DataTable';
import { ProblemAlert } from '~/components/messages';
import { counted, yearGroupName } from '~/school/words';
import { type Choices, changed, chosenBefore, keyOf, optionsOf } from './places';

interface Row extends GroupOfRollUp {
  id: string;
}

const column = columnsOf<Row>();

export function Classes({ plan }: { plan: RollUpPlan }) {
  const [choices, setChoices] = useState<Choices>({});
  const queryClient = useQueryClient();
  const places = changed(plan, choices);
  const save = useMutation({
    mutationFn: () => saveSuccessions(plan.version, places),
    onSuccess: (saved) => queryClient.setQueryData(rollUpQuery.queryKey, saved),
  });
  const columns = column.columns([
    column.accessor('name', {
      header: 'Now',
      cell: ({ row: { original: row } }) => (
        <Stack gap={0}>
          <Text inherit fw={600}>
            {row.name}
          </Text>
          <Text size="sm" c="dimmed">
            {row.year_group ? yearGroupName(row.year_group) : 'No year group'},{' '}
            {counted(row.pupils, 'pupil')}
          </Text>
        </Stack>
      ),
    }),
    column.accessor('next_group_id', {
      header: 'From 26 August',
      cell: ({ row: { original: row } }) =>
        row.leaving ? (
          <Text inherit>They leave</Text>
        ) : (
          <Select
            aria-label={`Follows ${row.name}${row.year_group ? `, ${yearGroupName(row.year_group)}` : ''}`}
            data={optionsOf(plan, row)}
            value={choices[row.id] ?? chosenBefore(row)}
            onChange={(value) => value && setChoices({ ...choices, [row.id]: value })}
            allowDeselect={false}
            searchable
            maw="22rem"
          />
        ),
    }),
    column.accessor('how', {
      header: 'Found',
      cell: ({ row: { original: row } }) => <How row={row} />,
    }),
  ]);
  return (
    <Paper component="section" aria-label="Classes" style={{ overflow: 'hidden' }}>
      <Stack gap={4} p="md" pb="sm">
        <Title order={2}>Which class follows which</Title>
        <Text c="dimmed">
          Found by the names of your classes, such as 3 Blue and 4 Blue. Choose another where that
          is not right.
        </Text>
        {save.isError && <ProblemAlert problem={save.error} />}
      </Stack>
      <DataTable
        caption="Which class follows which"
        columns={columns}
        rows={plan.groups.map((row) => ({ ...row, id: keyOf(row) }))}
      />
      <Group justify="flex-end" p="md">
        {places.length > 0 && <Text>{counted(places.length, 'change')} not saved yet</Text>}
        <Button
          disabled={places.length === 0}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          Save
        </Button>
      </Group>
    </Paper>
  );
}

function How({ row }: { row: Row }) {
  if (row.leaving) return null;
  if (row.how === 'named') return <Badge>Chosen here</Badge>;
  if (row.how === 'proposed') return <Badge color="slate">By its name</Badge>;
  return <Badge color="amber">No class follows</Badge>;
}
