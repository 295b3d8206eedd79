/** Data Management › MIS Synchronisation: the link's state, making it, and what its runs did. */
import { Alert, Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { type Linked, type MisLink, type Run, runsQuery } from '~/api/mis';
import { ButtonLink, TextLink } from '~/components/links';
import { Loading, ProblemAlert, Unavailable } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { formatDate, formatMoment } from '~/school/words';
import { AskForSnapshot } from './AskForSnapshot';
import { LastRequest } from './LastRequest';
import { LinkActions } from './LinkActions';
import { LinkWizard } from './LinkWizard';
import {
  isAsked,
  isMoving,
  isRunning,
  isStandingStill,
  isUnfinished,
  LINK_STATES,
} from './link-states';
import { isWaiting, sendsByItself } from './link-steps';
import { Runs } from './Runs';
import { GOES_ON, progressInWords } from './run-counts';
import { isSourceKind, type SourceKindName } from './source-kinds';
import { useLiveMis } from './useLiveMis';

export interface SynchronisationSearch {
  /** What the MIS exports, while it is being linked. */
  kind?: SourceKindName | undefined;
}

const route = getRouteApi('/signed-in/admin/data-management/mis-synchronisation');

export function SynchronisationPage() {
  const { page, run, running } = useLiveMis();
  const { credentials, setCredentials, linking, close } = useLinking(page.data?.link);
  const { kind } = route.useSearch();
  const navigate = route.useNavigate();
  const queryClient = useQueryClient();
  const link = page.data?.link;
  const onLinked = (made: Linked['credentials']) => {
    setCredentials(made);
    return queryClient.invalidateQueries({ queryKey: ['mis'] });
  };
  const heard = link?.connector?.heard_kind;
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
        {link && linking && (
          <LinkWizard
            link={link}
            run={run && isUnfinished(run) ? run : undefined}
            kind={kind ?? (isSourceKind(heard) ? heard : 'oneroster-csv')}
            onKind={(chosen) => navigate({ search: { kind: chosen }, replace: true })}
            credentials={credentials}
            onLinked={onLinked}
            onClose={close}
          />
        )}
        {link && !(linking && link.state === 'never_linked' && !link.last_run) && (
          <State link={link} run={run && isUnfinished(run) ? run : undefined}>
            {link.held_run && (
              <ButtonLink
                to="/data-management/mis-synchronisation/$runId"
                params={{ runId: link.held_run }}
              >
                Look at what is held
              </ButtonLink>
            )}
            {link.connector && !isWaiting(link) && !sendsByItself(link) && (
              <AskForSnapshot label="Synchronise now" disabled={running} />
            )}
            <LinkActions link={link} onLinked={onLinked} onEnded={close} />
          </State>
        )}
        {link && (link.connector || link.last_run) && (
          <RunHistory running={running || isAsked(link)} />
        )}
      </Stack>
    </>
  );
}

/** The steps of linking are shown from the first until they are closed, or as long as data is awaited. */
function useLinking(link: MisLink | null | undefined) {
  const [credentials, setCredentials] = useState<Linked['credentials']>();
  const [followed, setFollowed] = useState(false);
  const needed = link != null && (!link.connector || isWaiting(link));
  useEffect(() => {
    if (needed) setFollowed(true);
  }, [needed]);
  const close = () => {
    setCredentials(undefined);
    setFollowed(false);
  };
  return { credentials, setCredentials, linking: needed || followed || !!credentials, close };
}

interface StateProps {
  link: MisLink;
  /** The run that is under way, or stands still. */
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
        {run && isRunning(run)
          ? `A sync is running. ${progressInWords(run) ?? 'Comparing'}…`
          : state.meaning}
      </Text>
      <Stack gap={2} mt="sm">
        {link.last_snapshot_at && (
          <Text c="dimmed">Last data from your MIS: {formatMoment(link.last_snapshot_at)}</Text>
        )}
        {link.asked_at && !sendsByItself(link) && (
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
        {link.connector?.heard_at && (
          <Text c="dimmed">
            The connector was last heard: {formatMoment(link.connector.heard_at)}
            {sendsByItself(link) && '. It sends by itself and can’t be asked'}
          </Text>
        )}
        {isMoving(link) && <Text c="dimmed">This page keeps itself up to date.</Text>}
      </Stack>
      {!isWaiting(link) && <LastRequest link={link} mt="md" />}
      {!isWaiting(link) && run && isStandingStill(run) && (
        <Alert
          mt="md"
          color="amber"
          icon={<TriangleAlert aria-hidden />}
          title="The data has stopped coming"
          role="status"
        >
          {progressInWords(run)}, and none of it was used. {GOES_ON}
        </Alert>
      )}
      {link.connector && <Group mt="md">{children}</Group>}
    </Paper>
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
