/** My children › a child: the reports that the school has published (R27). */
import { Badge, Button, EmptyState, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Download, FileText } from 'lucide-react';
import { ownChildrenQuery } from '~/api/children';
import { type ChildReportSummary, childReportFile, childReportsQuery } from '~/api/online-reports';
import { ButtonLink, TextLink } from '~/components/links';
import { Loading, ProblemAlert } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { formatDate } from '~/school/words';

export function ChildReportsPage({ childId }: { childId: string }) {
  const { data, error, refetch } = useQuery(childReportsQuery(childId));
  const family = useQuery(ownChildrenQuery).data;
  const child = family?.items.find(({ id }) => id === childId);
  return (
    <>
      <PageHeader
        title={child ? `Reports of ${child.name}` : 'Reports'}
        area={<TextLink to="/children">My children</TextLink>}
        description="What the school has published for you to read."
      />
      {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
      {!data && !error && <Loading />}
      {data?.length === 0 && (
        <Paper>
          <EmptyState
            icon={<FileText aria-hidden />}
            variant="light"
            py="xl"
            title="There is no report yet"
            description="When the school publishes one, you are told by e-mail, and it stands here."
          />
        </Paper>
      )}
      {data && data.length > 0 && (
        <Stack component="ul" aria-label="Reports" m={0} p={0} style={{ listStyle: 'none' }}>
          {data.map((report) => (
            <Listed key={report.id} childId={childId} report={report} />
          ))}
        </Stack>
      )}
    </>
  );
}

function Listed({ childId, report }: { childId: string; report: ChildReportSummary }) {
  const called = `${report.title}, ${report.term_name} ${report.academic_year}`;
  return (
    <Paper component="li" p="lg">
      <Group justify="space-between" gap="md">
        <Stack gap={4} style={{ flex: '1 1 16rem' }}>
          <Group gap="sm">
            <Title order={2} size="h3">
              {report.title}
            </Title>
            {!report.opened && <Badge color="lagoon">New</Badge>}
          </Group>
          <Text>
            {report.term_name} {report.academic_year}
          </Text>
          <Text size="sm" c="dimmed">
            Published {formatDate(report.published_at)}
          </Text>
        </Stack>
        <Group gap="sm">
          <ButtonLink
            to="/children/$childId/reports/$reportId"
            params={{ childId, reportId: report.id }}
            aria-label={`Read ${called}`}
          >
            Read
          </ButtonLink>
          <Button
            component="a"
            href={childReportFile(childId, report.id)}
            download
            variant="default"
            leftSection={<Download size={17} aria-hidden />}
            aria-label={`Download ${called} as PDF`}
          >
            PDF
          </Button>
        </Group>
      </Group>
    </Paper>
  );
}
