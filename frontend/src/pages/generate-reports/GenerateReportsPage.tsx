/** Reports › Generate Reports, for teachers and senior leaders (R24, R27). */
import { Stack } from '@mantine/core';
import { SchoolLogo } from '~/components/logo/SchoolLogo';
import { PageHeader } from '~/components/PageHeader';
import { Jobs } from './Jobs';
import { NewReports } from './NewReports';

export function GenerateReportsPage() {
  return (
    <>
      <PageHeader
        title="Generate Reports"
        area="Reports"
        description="Assessment summaries and written reports as PDF, for one pupil or for many at once."
      />
      <Stack gap="lg">
        <NewReports />
        <Jobs />
        <SchoolLogo />
      </Stack>
    </>
  );
}
