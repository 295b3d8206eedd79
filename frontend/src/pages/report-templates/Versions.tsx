/** Every version that a template was saved in: none is ever changed or deleted (R25). */
import { Badge, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type TemplateVersion, templateVersionsQuery } from '~/api/templates';
import { columnsOf, DataTable } from '~/components/DataTable';
import { TextLink } from '~/components/links';
import { Loading, ProblemAlert } from '~/components/messages';
import { formatMoment } from '~/school/words';

type Row = TemplateVersion & { id: string; templateId: string; inUse: boolean };

const column = columnsOf<Row>();
const COLUMNS = column.columns([
  column.accessor('version', {
    header: 'Version',
    cell: ({ row: { original: row } }) =>
      row.inUse ? (
        <>
          Version {row.version} <Badge ml="xs">In use</Badge>
        </>
      ) : (
        <TextLink
          to="/report-templates/$templateId/versions/$version"
          params={{ templateId: row.templateId, version: String(row.version) }}
        >
          Version {row.version}
        </TextLink>
      ),
  }),
  column.accessor('name', { header: 'Name' }),
  column.accessor('saved_at', {
    header: 'Saved',
    cell: ({ getValue }) => formatMoment(getValue()),
  }),
  column.accessor('saved_by', {
    header: 'By',
    cell: ({ row: { original: row } }) =>
      row.taken_up === null
        ? (row.saved_by ?? 'There from the start')
        : `${row.saved_by}, who took up version ${row.taken_up} again`,
  }),
]);

interface VersionsProps {
  templateId: string;
  newest: number;
}

export function Versions({ templateId, newest }: VersionsProps) {
  const versions = useQuery(templateVersionsQuery(templateId));
  const rows = (versions.data ?? []).map((one) => ({
    ...one,
    id: String(one.version),
    templateId,
    inUse: one.version === newest,
  }));
  return (
    <Paper component="section" aria-label="Versions" p="md">
      <Stack>
        <Text c="dimmed" maw="46rem">
          Each save is a version of its own, and none is deleted. Reports that were made from an
          earlier version stay as they were. Open a version to look at it, or to use it again.
        </Text>
        {versions.error && (
          <ProblemAlert problem={versions.error} onRetry={() => versions.refetch()} />
        )}
        {versions.isPending && <Loading />}
        {rows.length > 0 && (
          <DataTable caption="Versions of this template" columns={COLUMNS} rows={rows} />
        )}
      </Stack>
    </Paper>
  );
}
