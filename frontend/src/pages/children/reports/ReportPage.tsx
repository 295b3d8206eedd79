/** One report, as a parent reads it: drawn from what the PDF is drawn from (R27). */
import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Download, Printer } from 'lucide-react';
import { childReportFile, childReportQuery } from '~/api/online-reports';
import { ProblemError } from '~/api/problem';
import { ButtonLink, TextLink } from '~/components/links';
import { Loading, ProblemAlert } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { ReportSheet } from './ReportSheet';
import './print.css';

interface ReportPageProps {
  childId: string;
  reportId: string;
}

export function ReportPage({ childId, reportId }: ReportPageProps) {
  const { data, error, refetch } = useQuery(childReportQuery(childId, reportId));
  if (error instanceof ProblemError && [403, 404, 410].includes(error.status)) {
    return <NoMore childId={childId} problem={error} />;
  }
  return (
    <div className="report-page">
      <PageHeader
        title={data?.title ?? 'Report'}
        area={<Area childId={childId} />}
        description={data && `${data.pupil_name}, ${data.term_name} ${data.academic_year}`}
        actions={
          data && (
            <>
              <Button
                component="a"
                href={childReportFile(childId, reportId)}
                download
                leftSection={<Download size={17} aria-hidden />}
              >
                Download as PDF
              </Button>
              <Button
                variant="default"
                leftSection={<Printer size={17} aria-hidden />}
                onClick={() => window.print()}
              >
                Print
              </Button>
            </>
          )
        }
      />
      <Stack gap="lg">
        {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
        {!data && !error && <Loading />}
        {data && <ReportSheet childId={childId} report={data} />}
      </Stack>
    </div>
  );
}

function Area({ childId }: { childId: string }) {
  return (
    <>
      <TextLink to="/children">My children</TextLink> <span aria-hidden>›</span>{' '}
      <TextLink to="/children/$childId" params={{ childId }}>
        Reports
      </TextLink>
    </>
  );
}

/** Withdrawn, replaced, or not theirs: what was shown before is gone at once. */
function NoMore({ childId, problem }: { childId: string; problem: ProblemError }) {
  return (
    <>
      <PageHeader title={problem.title} area={<Area childId={childId} />} />
      <Stack align="flex-start">
        <Text role="status" maw="46rem">
          {problem.detail}
        </Text>
        <ButtonLink to="/children/$childId" params={{ childId }}>
          All reports of this child
        </ButtonLink>
      </Stack>
    </>
  );
}
