/** What happened to a pupil, newest first: by hand, by the sync, by the roll-up (R9). */
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type PupilDetail, pupilHistoryQuery } from '~/api/pupils';
import { Loading, ProblemAlert } from '~/components/messages';
import { What } from '~/pages/activity/What';
import { formatMoment } from '~/school/words';

const HEARD_AFTER_MS = 1500;

export function PupilHistory({ pupil }: { pupil: PupilDetail }) {
  const history = useInfiniteQuery(pupilHistoryQuery(pupil.id));
  const { refetch } = history;
  const state = `${pupil.version} ${pupil.groups.map(({ id, link }) => `${id}${link.version}`)}`;
  // The log hears of a change by a message of its own, a moment after it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the pupil is what is waited for
  useEffect(() => {
    const later = setTimeout(() => refetch(), HEARD_AFTER_MS);
    return () => clearTimeout(later);
  }, [state, refetch]);
  const lines = history.data?.pages.flatMap((page) => page.items);
  return (
    <Paper component="section" aria-label="History" p="md">
      <Title order={2} mb="xs">
        History
      </Title>
      {history.error && <ProblemAlert problem={history.error} onRetry={() => history.refetch()} />}
      {!lines && !history.error && <Loading />}
      {lines?.length === 0 && (
        <Text c="dimmed">Nothing is recorded yet. What is changed stands here a moment later.</Text>
      )}
      {lines && lines.length > 0 && (
        <Stack
          component="ol"
          aria-label="What happened"
          gap="sm"
          m={0}
          p={0}
          style={{ listStyle: 'none' }}
        >
          {lines.map((line) => (
            <Group component="li" key={line.id} justify="space-between" align="flex-start">
              <div>
                <What line={line} />
              </div>
              <Text size="sm" c="dimmed">
                {line.actor.name}, <time dateTime={line.at}>{formatMoment(line.at)}</time>
              </Text>
            </Group>
          ))}
        </Stack>
      )}
      {history.hasNextPage && (
        <Button
          mt="md"
          size="xs"
          variant="default"
          loading={history.isFetchingNextPage}
          onClick={() => history.fetchNextPage()}
        >
          Show what was before
        </Button>
      )}
    </Paper>
  );
}
