/** Reports › Report Templates: what all reports of the school look like (R24). */
import { Stack } from '@mantine/core';
import { SchoolLogo } from '~/components/logo/SchoolLogo';
import { PageHeader } from '~/components/PageHeader';

export function ReportTemplatesPage() {
  return (
    <>
      <PageHeader
        title="Report Templates"
        area="Reports"
        description="What the school’s reports look like."
      />
      <Stack gap="lg">
        <SchoolLogo />
      </Stack>
    </>
  );
}
