/** The reports that were asked for: how far they are, and their files. */
import {
  Badge,
  Button,
  EmptyState,
  Group,
  Paper,
  Progress,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Download, FileText, RotateCcw, X } from 'lucide-react';
import {
  cancelReports,
  type GeneratedReports,
  generatedReportsQuery,
  isMoving,
  lookAgain,
  makeAgain,
  reportsFile,
} from '~/api/generated-reports';
import { useMutation } from '~/app/mutation';
import { columnsOf, DataTable } from '~/components/DataTable';
import { PAGE_SIZE, Pages, useCursorPages } from '~/components/ListPage';
import { Loading, ProblemAlert } from '~/components/messages';
import { ToParents } from '~/pages/online-reports/ToParents';
import { formatMoment } from '~/school/words';
import { KINDS, progressOf, STATES, sizeOf } from './words';

const column = columnsOf<GeneratedReports>();
const columns = column.columns([
  column.accessor('scope_name', {
    header: 'Reports',
    cell: ({ row: { original: job } }) => <What job={job} />,
  }),
  column.accessor('asked_at', {
    header: 'Asked for',
    cell: ({ row: { original: job } }) => (
      <div>
        {formatMoment(job.asked_at)}
        <Text size="sm" c="dimmed">
          {job.asked_by_name}
        </Text>
      </div>
    ),
  }),
  column.accessor('state', {
    header: 'State',
    cell: ({ row: { original: job } }) => <State job={job} />,
  }),
  column.display({
    id: 'actions',
    header: 'File',
    cell: ({ row: { original: job } }) => <Actions job={job} />,
  }),
]);

export function Jobs() {
  const pages = useCursorPages({});
  const query = { limit: PAGE_SIZE, cursor: pages.cursor };
  const { data, error, refetch, isPlaceholderData } = useQuery(generatedReportsQuery(query));
  return (
    <Paper component="section" aria-label="Reports made" style={{ overflow: 'hidden' }}>
      <Title order={2} px="lg" pt="lg" pb="sm">
        Reports made
      </Title>
      {error && (
        <Stack p="lg">
          <ProblemAlert problem={error} onRetry={() => refetch()} />
        </Stack>
      )}
      {!data && !error && <Loading />}
      {data?.total === 0 && (
        <EmptyState
          icon={<FileText aria-hidden />}
          px="md"
          pb="xl"
          title="No reports yet"
          description="What you have made stands here, to be downloaded for about a term."
        />
      )}
      {data && data.total > 0 && (
        <>
          <DataTable
            caption="Reports made"
            columns={columns}
            rows={data.items}
            busy={isPlaceholderData}
          />
          <Pages data={data} pages={pages} thing="set" />
        </>
      )}
    </Paper>
  );
}

function What({ job }: { job: GeneratedReports }) {
  return (
    <div>
      <Text fw={600} inherit>
        {job.scope_name}
      </Text>
      <Text size="sm" c="dimmed">
        {KINDS[job.kind]}, {job.term_name} {job.academic_year}
      </Text>
    </div>
  );
}

function State({ job }: { job: GeneratedReports }) {
  const { label, color } = STATES[job.state];
  return (
    <Stack gap={4} maw="24rem">
      <Badge color={color}>{label}</Badge>
      <Text size="sm">{progressOf(job)}</Text>
      {job.state === 'running' && (
        <Progress
          value={(100 * job.made) / job.pupils}
          aria-label={`How far the reports of ${job.scope_name} are`}
        />
      )}
    </Stack>
  );
}

function Actions({ job }: { job: GeneratedReports }) {
  const queryClient = useQueryClient();
  const doing = useMutation({
    mutationFn: (work: (id: string) => Promise<GeneratedReports>) => work(job.id),
    onSettled: () => lookAgain(queryClient),
  });
  return (
    <Stack gap="xs" align="flex-start">
      <Group gap="xs">
        {job.state === 'done' && (
          <Button
            component="a"
            href={reportsFile(job.id)}
            download
            size="xs"
            leftSection={<Download size={15} aria-hidden />}
            aria-label={`Download the reports of ${job.scope_name}`}
          >
            Download
          </Button>
        )}
        <ToParents job={job} />
        {(isMoving(job) || job.state === 'stalled') && (
          <Button
            variant="default"
            size="xs"
            loading={doing.isPending}
            leftSection={<X size={15} aria-hidden />}
            aria-label={`Cancel the reports of ${job.scope_name}`}
            onClick={() => doing.mutate(cancelReports)}
          >
            Cancel
          </Button>
        )}
        {['failed', 'cancelled', 'stalled', 'gone'].includes(job.state) && (
          <Button
            variant="default"
            size="xs"
            loading={doing.isPending}
            leftSection={<RotateCcw size={15} aria-hidden />}
            aria-label={`Make again the reports of ${job.scope_name}`}
            onClick={() => doing.mutate(makeAgain)}
          >
            Make again
          </Button>
        )}
      </Group>
      {job.state === 'done' && (
        <Text size="sm" c="dimmed">
          {job.form === 'pdf' ? 'PDF' : 'ZIP'}
          {job.bytes ? `, ${sizeOf(job.bytes)}` : ''}
        </Text>
      )}
      {doing.isError && <ProblemAlert problem={doing.error} />}
    </Stack>
  );
}
