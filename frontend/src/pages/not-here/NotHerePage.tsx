/** Data Management › In the MIS, not here: who, and why (R11, R20). */
import { EmptyState, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CircleCheckBig } from 'lucide-react';
import { type NotHere, notHereQuery } from '~/api/mis';
import { columnsOf, DataTable } from '~/components/DataTable';
import { Loading, ProblemAlert } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { formatNumber } from '~/school/words';

const KINDS = [
  { kind: 'pupil', title: 'Pupils' },
  { kind: 'staff', title: 'Staff' },
  { kind: 'contact', title: 'Parents and other contacts' },
] as const;

const column = columnsOf<NotHere>();
const columns = column.columns([
  column.accessor('label', {
    header: 'Name',
    cell: ({ getValue }) => (
      <Text component="span" inherit fw={600}>
        {getValue()}
      </Text>
    ),
  }),
  column.accessor('reason', { header: 'Why' }),
  column.accessor('probably', {
    header: 'Probably',
    cell: ({ row }) => row.original.probably?.label ?? '–',
  }),
]);

export function NotHerePage() {
  const { data, error, refetch } = useQuery(notHereQuery);
  return (
    <>
      <PageHeader
        title="In the MIS, not here"
        area="Data Management"
        description="These people are in your MIS but not in Classroom Monitor, each with the reason. What you put right in your MIS comes with the next sync."
      />
      {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
      {!data && !error && <Loading />}
      {data?.length === 0 && (
        <Paper>
          <EmptyState
            icon={<CircleCheckBig aria-hidden />}
            variant="light"
            py="xl"
            title="Everyone is here"
            description="Everyone in your MIS who belongs in Classroom Monitor has been brought in."
          />
        </Paper>
      )}
      <Stack gap="lg">
        {KINDS.map(({ kind, title }) => (
          <People
            key={kind}
            title={title}
            people={data?.filter((one) => one.kind === kind) ?? []}
          />
        ))}
      </Stack>
    </>
  );
}

function People({ title, people }: { title: string; people: NotHere[] }) {
  if (people.length === 0) return null;
  const hasGuess = people.some((one) => one.probably);
  return (
    <Paper component="section" aria-label={title} style={{ overflow: 'hidden' }}>
      <Group justify="space-between" p="md" pb="sm">
        <Title order={2}>{title}</Title>
        <Text c="dimmed">{formatNumber(people.length)}</Text>
      </Group>
      <DataTable
        caption={`${title} in the MIS, not here`}
        columns={hasGuess ? columns : columns.slice(0, 2)}
        rows={people}
      />
    </Paper>
  );
}
