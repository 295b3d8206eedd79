/** What a page says instead of, or beside, what it was asked for. */
import { Alert, Button, Center, Code, Loader, Stack, Text } from '@mantine/core';
import { CircleAlert, CloudOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { ProblemError } from '~/api/problem';
import { partName } from '~/school/words';

export function Loading({ what = 'Loading' }: { what?: string }) {
  return (
    <Center py={64} role="status">
      <Loader type="dots" aria-hidden />
      <Text ml="sm" c="dimmed">
        {what}…
      </Text>
    </Center>
  );
}

interface ProblemAlertProps {
  problem: Error;
  onRetry?: () => void;
  /** What else helps, such as a link to what stands in the way. */
  children?: ReactNode;
}

export function ProblemAlert({ problem, onRetry, children }: ProblemAlertProps) {
  const title = problem instanceof ProblemError ? problem.title : 'Something went wrong';
  const detail = problem instanceof ProblemError ? problem.detail : 'Please try again in a moment.';
  return (
    <Alert color="brick" icon={<CircleAlert aria-hidden />} title={title} role="alert">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{detail}</Text>
        <Reference problem={problem} />
        {children}
        {onRetry && (
          <Button size="xs" color="brick" variant="outline" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** What to tell us where the fault is ours, so that we find what happened. */
export function Reference({ problem }: { problem: Error }) {
  if (!(problem instanceof ProblemError) || !problem.reference) return null;
  return (
    <Text size="sm">
      If you contact us about it, tell us this reference: <Code>{problem.reference}</Code>
    </Text>
  );
}

/** Says plainly which part of a page is missing, and that the rest is not. */
export function Unavailable({ services }: { services: readonly string[] }) {
  if (services.length === 0) return null;
  const names = new Intl.ListFormat('en-GB').format(services.map(partName));
  return (
    <Alert
      mb="lg"
      color="amber"
      icon={<CloudOff aria-hidden />}
      role="status"
      title="Part of this page is missing"
    >
      <Text size="sm">
        {names} can’t be shown just now, because that part of Classroom Monitor is not answering.
        Everything else here is complete. It comes back by itself.
      </Text>
    </Alert>
  );
}
