/** What stands in place of a page that could not be shown: not allowed, not there, or failed. */
import { Button, Group } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useRouter } from '@tanstack/react-router';
import { ProblemError } from '~/api/problem';
import { ButtonLink } from '~/components/links';
import { Reference } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';

export function ProblemPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const problem = error instanceof ProblemError ? error : undefined;
  const final = problem?.status === 403 || problem?.status === 404;
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <>
      <PageHeader
        title={problem?.title ?? 'This page could not be shown'}
        description={
          problem?.detail ?? 'Something went wrong on this page. Please try again in a moment.'
        }
      />
      {problem && <Reference problem={problem} />}
      <Group mt="md">
        {!final && <Button onClick={retry}>Try again</Button>}
        <ButtonLink to="/" variant={final ? 'filled' : 'default'}>
          Go to the home page
        </ButtonLink>
      </Group>
    </>
  );
}
