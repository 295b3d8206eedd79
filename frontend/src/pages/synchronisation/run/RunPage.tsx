/** One sync: how it stands, who would be gone where it is held, and what it changed (R18, R23). */
import { Badge, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Run, runQuery } from '~/api/mis';
import { TextLink } from '~/components/links';
import { Loading, ProblemAlert } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { formatMoment, momentWithin } from '~/school/words';
import { causeOf, isRunning, isStandingStill, isUnfinished, runState } from '../link-states';
import { countsInWords, GOES_ON, progressInWords } from '../run-counts';
import { useLiveMis } from '../useLiveMis';
import { Changes } from './Changes';
import { HeldRun } from './HeldRun';

const WHILE_RUNNING_MS = 2_000;

export function RunPage({ runId }: { runId: string }) {
  useLiveMis();
  const result = useQuery({
    ...runQuery(runId),
    refetchInterval: ({ state }) => (isUnfinished(state.data) ? WHILE_RUNNING_MS : false),
  });
  const run = result.data;
  return (
    <>
      <PageHeader
        title={run ? `Sync of ${momentWithin(formatMoment(run.started_at))}` : 'One sync'}
        area={<TextLink to="/data-management/mis-synchronisation">MIS Synchronisation</TextLink>}
      />
      {result.error && <ProblemAlert problem={result.error} onRetry={() => result.refetch()} />}
      {result.isPending && <Loading />}
      {run && (
        <Stack gap="lg">
          <Standing run={run} />
          {run.remarks.length > 0 && <ToMend remarks={run.remarks} />}
          {run.state === 'held' && <HeldRun runId={runId} />}
          {run.state !== 'held' && <Changes runId={runId} running={isRunning(run)} />}
        </Stack>
      )}
    </>
  );
}

/** What one record had that could not be read: everything else was taken all the same. */
function ToMend({ remarks }: { remarks: string[] }) {
  return (
    <Paper component="section" aria-labelledby="to-mend" p="md">
      <Title order={2} id="to-mend">
        To mend in your MIS
      </Title>
      <Text mt="xs">
        Everything else was read. Once it is mended there, the next sync takes it.
      </Text>
      <List mt="xs">
        {remarks.map((remark) => (
          <List.Item key={remark}>{remark}</List.Item>
        ))}
      </List>
    </Paper>
  );
}

function Standing({ run }: { run: Run }) {
  const { name, color } = runState(run);
  const counts = countsInWords(run.counts);
  return (
    <Paper component="section" aria-labelledby="standing" p="md">
      <Group justify="space-between">
        <Title order={2} id="standing">
          How it went
        </Title>
        <Badge color={color}>{name}</Badge>
      </Group>
      <Stack gap={4} mt="xs" role="status">
        <Text>
          {causeOf(run.cause)}
          {run.snapshot_taken_at && `, taken ${momentWithin(formatMoment(run.snapshot_taken_at))}`}
          {run.academic_year && `, of the academic year ${run.academic_year}`}.
        </Text>
        {run.reason && <Text>{run.reason}</Text>}
        {isRunning(run) && <Text>{progressInWords(run) ?? 'Comparing'}…</Text>}
        {isStandingStill(run) && (
          <Text>
            {progressInWords(run)}. {GOES_ON}
          </Text>
        )}
        {run.finished_at && counts.length > 0 && <Text>{counts.join(', ')}.</Text>}
      </Stack>
    </Paper>
  );
}
