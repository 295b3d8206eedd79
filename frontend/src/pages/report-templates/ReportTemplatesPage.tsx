/** Reports › Report Templates: what all reports of the school look like (R24, R25). */
import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type TemplateRow, templatesQuery } from '~/api/templates';
import { columnsOf, DataTable } from '~/components/DataTable';
import { TextLink } from '~/components/links';
import { SchoolLogo } from '~/components/logo/SchoolLogo';
import { Loading, ProblemAlert } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { formatMoment } from '~/school/words';
import { KIND_NAMES } from './layout-form';
import { NewTemplate } from './NewTemplate';

const column = columnsOf<TemplateRow>();
const COLUMNS = column.columns([
  column.accessor('saved.name', {
    id: 'name',
    header: 'Name',
    cell: ({ row: { original: template } }) => (
      <Group gap="xs">
        <TextLink to="/report-templates/$templateId" params={{ templateId: template.id }}>
          {template.saved.name}
        </TextLink>
        {!template.active && <Badge color="slate">Inactive</Badge>}
      </Group>
    ),
  }),
  column.accessor('kind', { header: 'For', cell: ({ getValue }) => KIND_NAMES[getValue()] }),
  column.accessor('saved.version', { id: 'version', header: 'Version' }),
  column.accessor('saved.saved_at', {
    id: 'saved',
    header: 'Saved',
    cell: ({ row: { original: template } }) =>
      template.saved.saved_by
        ? `${formatMoment(template.saved.saved_at)}, by ${template.saved.saved_by}`
        : 'There from the start',
  }),
]);

export function ReportTemplatesPage() {
  return (
    <>
      <PageHeader
        title="Report Templates"
        area="Reports"
        description="What the school’s reports look like."
        actions={<NewTemplate />}
      />
      <Stack gap="lg">
        <Templates />
        <SchoolLogo />
      </Stack>
    </>
  );
}

function Templates() {
  const { data, error, refetch } = useQuery(templatesQuery);
  return (
    <Paper component="section" aria-label="Templates" p="lg">
      <Title order={2} mb={4}>
        Templates
      </Title>
      <Text c="dimmed" mb="md" maw="46rem">
        A template says which sections a report has, in which order and with which words. Teachers
        choose one when they generate reports. Templates are never deleted: one that is not used any
        more is made inactive.
      </Text>
      {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
      {!data && !error && <Loading />}
      {data && <DataTable caption="Report templates" columns={COLUMNS} rows={data.templates} />}
    </Paper>
  );
}
