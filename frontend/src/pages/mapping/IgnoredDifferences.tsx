/** The differences that were ignored, each to be taken back (R19). */
import { Button, EmptyState, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { EyeOff } from 'lucide-react';
import { type Difference, differencesQuery, saveDecisions } from '~/api/mapping';
import { useMutation } from '~/app/mutation';
import { Loading, ProblemAlert } from '~/components/messages';
import { counted } from '~/school/words';
import { savedMapping } from './choices';
import { Facts } from './DifferenceCard';
import classes from './DifferenceCard.module.css';

export function IgnoredDifferences() {
  const queryClient = useQueryClient();
  const ignored = useQuery(differencesQuery('ignored'));
  const takeBack = useMutation({
    mutationFn: (differences: Difference[]) =>
      saveDecisions(
        differences.map(({ id, version }) => ({
          difference_id: id,
          action: 'unignore',
          expected_version: version,
        })),
      ),
    onSettled: () =>
      queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' }),
  });
  const failed = takeBack.data ? savedMapping(takeBack.data, takeBack.variables ?? []).failed : [];
  if (ignored.isPending) return <Loading />;
  if (ignored.error) {
    return <ProblemAlert problem={ignored.error} onRetry={() => ignored.refetch()} />;
  }
  if (ignored.data.length === 0) {
    return (
      <Paper>
        <EmptyState
          icon={<EyeOff aria-hidden />}
          variant="light"
          py="xl"
          title="Nothing is ignored"
          description="What you ignore under ‘To map’ stands here, and can be taken back."
        />
      </Paper>
    );
  }
  return (
    <Stack>
      {takeBack.isError && <ProblemAlert problem={takeBack.error} />}
      {failed.map(({ id, label, detail }) => (
        <Text key={id} role="alert" c="brick.7" fw={600}>
          {label} was not taken back: {detail}
        </Text>
      ))}
      <Group justify="space-between">
        <Text c="dimmed">These raise no alert and are left out of every sync.</Text>
        <Button
          size="xs"
          variant="default"
          loading={takeBack.isPending}
          onClick={() => takeBack.mutate(ignored.data)}
        >
          Un-ignore all {counted(ignored.data.length, 'difference')}
        </Button>
      </Group>
      <ul className={classes.list}>
        {ignored.data.map((difference) => (
          <Paper component="li" key={difference.id} p="md">
            <Group justify="space-between" align="flex-start">
              <div>
                <Title order={2} size="h3">
                  {difference.label}
                </Title>
                {difference.reason && <Text size="sm">{difference.reason}</Text>}
                <Facts label={difference.label} mis={difference.mis} here={difference.suggestion} />
              </div>
              <Button
                size="xs"
                variant="default"
                aria-label={`Un-ignore ${difference.label}`}
                loading={takeBack.isPending}
                onClick={() => takeBack.mutate([difference])}
              >
                Un-ignore
              </Button>
            </Group>
          </Paper>
        ))}
      </ul>
    </Stack>
  );
}
