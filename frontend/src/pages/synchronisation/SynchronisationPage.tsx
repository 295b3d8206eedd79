/** Data Management › MIS Synchronisation: the link's state, making it, and what its runs did. */
import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { askForSnapshot, type Linked, type MisLink, type Run, runsQuery } from '~/api/mis';
import { ButtonLink, TextLink } from '~/components/links';
import { Loading, ProblemAlert, Unavailable } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { formatDate, formatMoment } from '~/school/words';
import { CredentialsCard } from './CredentialsCard';
import { LinkMis } from './LinkMis';
import { isMoving, LINK_STATES } from './link-states';
import { Runs } from './Runs';
import { progressInWords } from './run-counts';
import { useLiveMis } from './useLiveMis';

export function SynchronisationPage() {
  const { page, run, running } = useLiveMis();
  const [credentials, setCredentials] = useState<Linked['credentials']>();
  const link = page.data?.link;
  return (
    <>
      <PageHeader
        title="MIS Synchronisation"
        area="Data Management"
        description="Your MIS is the authority on who is on roll. What it holds comes here every night, and when you ask for it."
      />
      <Unavailable services={page.data?.unavailable ?? []} />
      {page.error && <ProblemAlert problem={page.error} onRetry={() => page.refetch()} />}
      {page.isPending && <Loading />}
      <Stack gap="lg">
        {credentials && <CredentialsCard credentials={credentials} />}
        {link && (
          <State link={link} run={running ? run : undefined}>
            {link.held_run && (
              <ButtonLink
                to="/data-management/mis-synchronisation/$runId"
                params={{ runId: link.held_run }}
              >
                Look at what is held
              </ButtonLink>
            )}
            {link.state !== 'never_linked' && (
              <AskForSnapshot disabled={running || link.state === 'provisioning'} />
            )}
            <LinkMis link={link} onLinked={setCredentials} />
          </State>
        )}
        {link && link.state !== 'never_linked' && <RunHistory running={running} />}
      </Stack>
    </>
  );
}

interface StateProps {
  link: MisLink;
  /** The run that is under way. */
  run: Run | null | undefined;
  children: ReactNode;
}

function State({ link, run, children }: StateProps) {
  const state = LINK_STATES[link.state];
  return (
    <Paper component="section" aria-labelledby="link-state" p="md">
      <Group justify="space-between" align="center">
        <Title order={2} id="link-state">
          The link to your MIS
        </Title>
        <Badge color={state.color}>{state.name}</Badge>
      </Group>
      <Text mt="xs" role="status">
        {run ? `A sync is running. ${progressInWords(run) ?? 'Comparing'}…` : state.meaning}
      </Text>
      <Stack gap={2} mt="sm">
        {link.last_snapshot_at && (
          <Text c="dimmed">Last data from your MIS: {formatMoment(link.last_snapshot_at)}</Text>
        )}
        {link.asked_at && (
          <Text c="dimmed">
            Asked every night at about {link.asked_at}.{' '}
            <TextLink to="/settings" hash="sync" underline="always">
              Change the hour
            </TextLink>
          </Text>
        )}
        {link.connector && (
          <Text c="dimmed">Linked on {formatDate(link.connector.created_at)}</Text>
        )}
        {isMoving(link) && <Text c="dimmed">This page keeps itself up to date.</Text>}
      </Stack>
      <Group mt="md">{children}</Group>
    </Paper>
  );
}

function AskForSnapshot({ disabled }: { disabled: boolean }) {
  const queryClient = useQueryClient();
  const ask = useMutation({
    mutationFn: askForSnapshot,
    onSuccess: () => {
      notifications.show({
        title: 'Your MIS has been asked',
        message: 'The connector sends its data as soon as it can. You can leave this page.',
      });
      return queryClient.invalidateQueries({ queryKey: ['mis'] });
    },
    onError: (problem) =>
      notifications.show({ color: 'brick', title: 'Not asked', message: problem.message }),
  });
  return (
    <Button
      leftSection={<RefreshCw size={17} aria-hidden />}
      disabled={disabled}
      loading={ask.isPending}
      onClick={() => ask.mutate()}
    >
      Synchronise now
    </Button>
  );
}

function RunHistory({ running }: { running: boolean }) {
  const runs = useQuery({ ...runsQuery, refetchInterval: running ? 2_000 : false });
  return (
    <Paper component="section" aria-labelledby="runs" style={{ overflow: 'hidden' }}>
      <Group justify="space-between" p="md" pb="sm">
        <Title order={2} id="runs">
          The last syncs
        </Title>
        <TextLink to="/data-management/mis-mapping">MIS Mapping</TextLink>
      </Group>
      {runs.error && <ProblemAlert problem={runs.error} onRetry={() => runs.refetch()} />}
      {runs.isPending && <Loading />}
      {runs.data && <Runs runs={runs.data} />}
    </Paper>
  );
}
