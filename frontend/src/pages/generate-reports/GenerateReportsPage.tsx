/** Reports › Generate Reports, for teachers and senior leaders (R24). */
import { Stack } from '@mantine/core';
import { SchoolLogo } from '~/components/logo/SchoolLogo';
import { PageHeader } from '~/components/PageHeader';

export function GenerateReportsPage() {
  return (
    <>
      <PageHeader
        title="Generate Reports"
        area="Reports"
        description="What the reports that you make have in common."
      />
      <Stack gap="lg">
        <SchoolLogo />
      </Stack>
    </>
  );
}
