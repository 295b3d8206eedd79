/** Which class follows which, as one table; a joint class has a row for each year group in it. */
import {
  Alert,
  Badge,
  Button,
  Group,
  List,
  Paper,
  Select,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Info } from 'lucide-react';
import { useState } from 'react';
import { ProblemError } from '~/api/problem';
import { type GroupOfRollUp, type RollUpPlan, rollUpQuery, saveSuccessions } from '~/api/roll-up';
import { useMutation } from '~/app/mutation';
import { columnsOf, DataTable } from '~/components/DataTable';
import { TextLink } from '~/components/links';
import { ProblemAlert } from '~/components/messages';
import { UnsavedChanges } from '~/components/UnsavedChanges';
import { counted, yearGroupName } from '~/school/words';
import {
  type Choices,
  changed,
  changedByOthers,
  chosenBefore,
  chosenSince,
  keyOf,
  optionsOf,
} from './places';

interface Row extends GroupOfRollUp {
  id: string;
}

const column = columnsOf<Row>();

export function Classes({ plan: newest }: { plan: RollUpPlan }) {
  const [choices, setChoices] = useState<Choices>({});
  /** As the choices began with: a page that asks again changes nothing under one's hand. */
  const [seen, setSeen] = useState(newest);
  const queryClient = useQueryClient();
  const unsaved = changed(seen, choices).length > 0;
  const plan = unsaved ? seen : newest;
  const places = changed(plan, choices);
  const save = useMutation({
    mutationFn: (sent: Choices) => saveSuccessions(plan.version, changed(plan, sent)),
    onSuccess: (saved, sent) => {
      setChoices((now) => chosenSince(sent, now));
      setSeen(saved);
      queryClient.setQueryData(rollUpQuery.queryKey, saved);
      // Settings and the pages of groups tell of it too.
      return Promise.all(
        [['settings'], ['roster', 'group']].map((queryKey) =>
          queryClient.invalidateQueries({ queryKey }),
        ),
      );
    },
  });
  const others = useMutation({
    mutationFn: async () => {
      const now = await queryClient.fetchQuery({ ...rollUpQuery, staleTime: 0 });
      const lines = changedByOthers(plan, now);
      setSeen(now);
      save.reset();
      return lines;
    },
  });
  const choose = (row: Row, value: string) => {
    if (!unsaved) setSeen(newest);
    setChoices({ ...choices, [row.id]: value });
  };
  const outdated = save.error instanceof ProblemError && save.error.slug === 'changed-since';
  const columns = column.columns([
    column.accessor('name', {
      header: 'Now',
      cell: ({ row: { original: row } }) => (
        <Stack gap={0}>
          <TextLink to="/groups/$groupId" params={{ groupId: row.group_id }} inherit fw={600}>
            {row.name}
          </TextLink>
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
            onChange={(value) => value && choose(row, value)}
            allowDeselect={false}
            searchable
            maw="22rem"
          />
        ),
    }),
    column.accessor('how', {
      header: 'How',
      cell: ({ row: { original: row } }) => <How row={row} />,
    }),
  ]);
  return (
    <Paper component="section" aria-label="Classes" style={{ overflow: 'hidden' }}>
      <UnsavedChanges unsaved={places.length > 0} />
      <Stack gap={4} p="md" pb="sm">
        <Title order={2}>Which class follows which</Title>
        <Text c="dimmed">
          Proposed by the names of your classes, such as 3 Blue and 4 Blue; or the one class of the
          next year, where there is only one. Choose another where that is not right.
        </Text>
        {save.isError && (
          <ProblemAlert problem={save.error}>
            {outdated && (
              <Button
                size="xs"
                color="brick"
                variant="outline"
                loading={others.isPending}
                onClick={() => others.mutate()}
              >
                Show what they changed
              </Button>
            )}
          </ProblemAlert>
        )}
        {others.data && !save.isError && unsaved && <Others lines={others.data} />}
      </Stack>
      <DataTable
        caption="Which class follows which"
        columns={columns}
        rows={plan.groups.map((row) => ({ ...row, id: keyOf(row) }))}
      />
      <Group justify="flex-end" p="md">
        {places.length > 0 && <Text>{counted(places.length, 'change')} not saved yet</Text>}
        {places.length > 0 && (
          <Button variant="default" disabled={save.isPending} onClick={() => setChoices({})}>
            Undo my changes
          </Button>
        )}
        <Button
          disabled={places.length === 0}
          loading={save.isPending}
          onClick={() => save.mutate(choices)}
        >
          Save
        </Button>
      </Group>
    </Paper>
  );
}

/** What is typed stays, to be looked at once more beside what others saved. */
function Others({ lines }: { lines: readonly string[] }) {
  return (
    <Alert color="amber" icon={<Info aria-hidden />} role="status" title="Saved by somebody else">
      <Stack gap="xs">
        <List size="sm" aria-label="Saved by somebody else">
          {lines.map((line) => (
            <List.Item key={line}>{line}</List.Item>
          ))}
        </List>
        <Text size="sm">
          The table shows it now. Your own changes are still in it, and not saved yet.
        </Text>
      </Stack>
    </Alert>
  );
}

function How({ row }: { row: Row }) {
  if (row.leaving) return null;
  if (row.how === 'named') return <Badge>Chosen here</Badge>;
  if (row.how === 'proposed') return <Badge color="slate">Proposed</Badge>;
  return <Badge color="amber">No class follows</Badge>;
}
