/** What was imported lately, and what was begun: each leads to where it stands. */
import { Badge, Paper, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type PupilImport, pupilImportsQuery } from '~/api/pupil-imports';
import { columnsOf, DataTable } from '~/components/DataTable';
import { TextLink } from '~/components/links';
import { ProblemAlert } from '~/components/messages';
import { formatMoment } from '~/school/words';
import { countsInShort, STATES } from './words';

const column = columnsOf<PupilImport>();
const columns = column.columns([
  column.accessor('file_name', {
    header: 'File',
    cell: ({ row: { original: one } }) => (
      <TextLink to="/pupils/import" search={{ file: one.id }} fw={600} inherit>
        {one.file_name}
      </TextLink>
    ),
  }),
  column.accessor('made_at', {
    header: 'When',
    cell: ({ row: { original: one } }) =>
      formatMoment(one.undone_at ?? one.confirmed_at ?? one.made_at),
  }),
  column.accessor('state', {
    header: 'State',
    cell: ({ getValue }) => {
      const { label, color } = STATES[getValue()];
      return <Badge color={color}>{label}</Badge>;
    },
  }),
  column.accessor('counts', {
    header: 'What it does',
    cell: ({ row: { original: one } }) => countsInShort(one),
  }),
]);

export function Imports() {
  const { data, error, refetch } = useQuery(pupilImportsQuery);
  if (error) return <ProblemAlert problem={error} onRetry={() => refetch()} />;
  if (!data || data.items.length === 0) return null;
  return (
    <Paper component="section" aria-label="Recent imports" style={{ overflow: 'hidden' }}>
      <Title order={2} px="lg" pt="lg">
        Recent imports
      </Title>
      <Text px="lg" pb="md" c="dimmed">
        The last 7 days. Older ones are in the{' '}
        <TextLink to="/activity" inherit underline="always">
          activity log
        </TextLink>
        , with who did them.
      </Text>
      <DataTable caption="Recent imports" columns={columns} rows={data.items} />
    </Paper>
  );
}
