/** Stands where a page's file is gone, as Classroom Monitor was updated since these pages were loaded. */
import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { loadAgain } from '~/app/lazy-page';
import { PageHeader } from '~/components/PageHeader';

export function PagesOutOfDatePage() {
  useEffect(loadAgain, []);
  return (
    <>
      <PageHeader
        title="Classroom Monitor has been updated"
        description="This page has to be loaded again before it can be shown."
      />
      <Button mt="md" onClick={() => window.location.reload()}>
        Load this page again
      </Button>
    </>
  );
}
