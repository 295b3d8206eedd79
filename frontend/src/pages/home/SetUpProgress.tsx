/** How far the school is set up, until everything needed is done or the admin puts it away (R28). */
import { Button, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { putGuideAway, setUpQuery } from '~/api/set-up';
import { useMutation } from '~/app/mutation';
import { ButtonLink } from '~/components/links';
import { ProblemAlert } from '~/components/messages';
import { progressOf, STEPS, stepsOf } from '~/pages/set-up/steps';

export function SetUpProgress() {
  const { data } = useQuery(setUpQuery);
  const queryClient = useQueryClient();
  const putAway = useMutation({
    mutationFn: () => putGuideAway(true),
    onSettled: () => queryClient.invalidateQueries({ queryKey: setUpQuery.queryKey }),
  });
  if (data?.complete !== false || data.put_away !== false) return null;
  const { done, needed, next } = progressOf(stepsOf(data, data.way ?? 'mis'));
  return (
    <Paper component="section" aria-labelledby="set-up" p="lg">
      <Stack gap="sm">
        <Title order={2} id="set-up">
          Setting up your school
        </Title>
        {putAway.isError && <ProblemAlert problem={putAway.error} />}
        <Text>
          {done} of {needed} needed steps done.{next && ` Next: ${STEPS[next.id].title}.`}
        </Text>
        <Progress value={(100 * done) / needed} aria-label="Needed steps done" color="leaf" />
        <Group gap="sm">
          <ButtonLink to="/set-up">Open the set-up guide</ButtonLink>
          <Button variant="default" loading={putAway.isPending} onClick={() => putAway.mutate()}>
            I know my way
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          ‘I know my way’ takes this off the home page. The guide stays in the menu.
        </Text>
      </Stack>
    </Paper>
  );
}
