/** The admin's home page: the mapping alert, the school in figures, and the MIS link (R19, R23). */
import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { type AdminHome, homeQuery } from '~/api/home';
import type { Session } from '~/api/session';
import { DefaultPaused } from '~/components/DefaultPaused';
import { Dialog } from '~/components/Dialog';
import { Figure, Figures } from '~/components/Figures';
import { ButtonLink, TextLink } from '~/components/links';
import { Loading, ProblemAlert, Unavailable } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { WaitingNotice } from '~/pages/admin-account/WaitingNotice';
import { isRunning, isTroubled, LINK_STATES, runState } from '~/pages/synchronisation/link-states';
import { formatMoment } from '~/school/words';
import { Claims } from './Claims';
import classes from './HomePage.module.css';
import { SetUpProgress } from './SetUpProgress';

const WHILE_RUNNING_MS = 3_000;
const OTHERWISE_MS = 60_000;

export function HomePage({ session }: { session: Session }) {
  const { data, error, refetch } = useQuery({
    ...homeQuery,
    refetchInterval: ({ state }) =>
      state.data?.kind === 'admin' && isRunning(state.data.mis?.last_run)
        ? WHILE_RUNNING_MS
        : OTHERWISE_MS,
  });
  const home = data?.kind === 'admin' ? data : undefined;
  const year = home?.summary?.academic_year;
  return (
    <>
      <PageHeader title={session.school.name} description={year && `Academic year ${year}`} />
      <Unavailable services={home?.unavailable ?? []} />
      {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
      {!home && !error && <Loading />}
      {home && (
        <Stack gap="lg">
          <WaitingNotice />
          <SetUpProgress />
          {home.claims?.default_paused_until && (
            <DefaultPaused until={home.claims.default_paused_until} />
          )}
          {home.alert && <MappingAlert alert={home.alert} sessionId={session.id} />}
          {home.mis && isTroubled(home.mis.link_state) && <MisState mis={home.mis} />}
          {home.summary && <SchoolFigures summary={home.summary} />}
          {home.claims && <Claims claims={home.claims} />}
          {home.mis && !isTroubled(home.mis.link_state) && <MisState mis={home.mis} />}
        </Stack>
      )}
    </>
  );
}

interface MappingAlertProps {
  alert: NonNullable<AdminHome['alert']>;
  sessionId: string;
}

/** Once per sign-in it stands in the way; after that it stays on the page for as long as it is true. */
function MappingAlert({ alert, sessionId }: MappingAlertProps) {
  const [open, setOpen] = useState(() => sessionStorage.getItem(ALERT_SEEN) !== sessionId);
  const close = () => {
    sessionStorage.setItem(ALERT_SEEN, sessionId);
    setOpen(false);
  };
  return (
    <>
      <Paper component="section" aria-labelledby="mapping-alert" className={classes.alert} p="lg">
        <Group gap="md" wrap="nowrap" align="flex-start">
          <TriangleAlert size={28} className={classes.alertIcon} aria-hidden />
          <Stack gap={4} style={{ flex: 1 }}>
            <Title order={2} id="mapping-alert">
              Mapping alert
            </Title>
            <Text>{alert.message}</Text>
            <ButtonLink to={MAPPING_PAGE} mt="sm" style={{ alignSelf: 'flex-start' }}>
              Go to MIS Mapping
            </ButtonLink>
          </Stack>
        </Group>
      </Paper>
      <Dialog opened={open} onClose={close} title="Mapping alert">
        <Text>{alert.message}</Text>
        <Text mt="sm" c="dimmed" size="sm">
          OK takes you to Data Management › MIS Mapping. You can also go there at any time from the
          menu.
        </Text>
        <Group mt="lg" justify="flex-end">
          <Button variant="default" onClick={close}>
            Later
          </Button>
          <ButtonLink to={MAPPING_PAGE} onClick={close} data-autofocus>
            OK
          </ButtonLink>
        </Group>
      </Dialog>
    </>
  );
}

const ALERT_SEEN = 'mapping-alert-seen';
const MAPPING_PAGE = '/data-management/mis-mapping';

function SchoolFigures({ summary }: { summary: NonNullable<AdminHome['summary']> }) {
  return (
    <Figures label="The school in figures">
      <Figure count={summary.pupils} label="Pupils">
        <TextLink to="/pupils">All pupils</TextLink>
      </Figure>
      <Figure count={summary.groups} label="Groups">
        <TextLink to="/groups">All groups</TextLink>
      </Figure>
      <Figure count={summary.pupils_without_class} label="Pupils without a class">
        {summary.pupils_without_class > 0 && (
          <TextLink to="/pupils" search={{ without: 'class' }}>
            Show them
          </TextLink>
        )}
      </Figure>
      <Figure count={summary.missing_upn} label="Pupils without a UPN">
        {summary.missing_upn > 0 && (
          <TextLink to="/pupils" search={{ without: 'upn' }}>
            Show them
          </TextLink>
        )}
      </Figure>
    </Figures>
  );
}

function MisState({ mis }: { mis: NonNullable<AdminHome['mis']> }) {
  const state = LINK_STATES[mis.link_state];
  const run = mis.last_run;
  return (
    <Paper component="section" aria-labelledby="mis-link" p="lg">
      <Group justify="space-between" align="flex-start">
        <Title order={2} id="mis-link">
          MIS link
        </Title>
        <Badge color={state.color}>{state.name}</Badge>
      </Group>
      <Text mt="xs">{state.meaning}</Text>
      {run && (
        <Text mt="xs" c="dimmed" role="status">
          Last sync: {formatMoment(run.started_at)}, {runState(run).name.toLowerCase()}.
        </Text>
      )}
      <TextLink to="/data-management/mis-synchronisation" mt="sm" display="inline-block">
        {mis.link_state === 'never_linked' ? 'Link your MIS' : 'MIS Synchronisation'}
      </TextLink>
    </Paper>
  );
}
