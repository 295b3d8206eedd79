/** The set-up guide: step by step, each ticked off by what the school's data show (R28). */
import {
  Badge,
  Button,
  Group,
  Paper,
  Progress,
  SegmentedControl,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheckBig, CircleDashed, CloudOff } from 'lucide-react';
import { useState } from 'react';
import { putGuideAway, type SetUp, type SetUpStep, setUpQuery } from '~/api/set-up';
import { useMutation } from '~/app/mutation';
import { ButtonLink } from '~/components/links';
import { Loading, ProblemAlert, Unavailable } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import classes from './SetUpGuidePage.module.css';
import { buttonOf, pageOf, progressOf, STEPS, stepsOf, WAYS, type Way } from './steps';

export function SetUpGuidePage() {
  const { data, error, refetch } = useQuery({
    ...setUpQuery,
    refetchInterval: ({ state }) => (state.data?.unavailable.length ? WHILE_AWAY_MS : false),
  });
  return (
    <>
      <PageHeader
        title="Set-up guide"
        description="What a new school does before it can work with Classroom Monitor, in an order that saves work. A step is ticked off by itself, as soon as your data show that it is done."
      />
      <Unavailable services={data?.unavailable ?? []} />
      {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
      {!data && !error && <Loading />}
      {data && <Guide guide={data} />}
    </>
  );
}

const WHILE_AWAY_MS = 10_000;

function Guide({ guide }: { guide: SetUp }) {
  const [chosen, setChosen] = useState<Way>('mis');
  const way = guide.way ?? chosen;
  const steps = stepsOf(guide, way);
  const { done, needed, next } = progressOf(steps);
  return (
    <Stack gap="lg">
      <Paper component="section" aria-label="Progress" p="lg">
        <Stack gap="sm">
          <Text fw={600} role="status">
            {guide.complete
              ? 'Everything that is needed is done.'
              : `${done} of ${needed} needed steps done`}
          </Text>
          <Progress value={(100 * done) / needed} aria-label="Needed steps done" color="leaf" />
          {guide.way === null ? (
            <ChooseWay way={way} onChange={setChosen} />
          ) : (
            <Text size="sm" c="dimmed">
              {WHICH[guide.way]}
            </Text>
          )}
          <OnTheHomePage guide={guide} />
        </Stack>
      </Paper>
      <Stack component="ol" gap="md" className={classes.steps} aria-label="Steps">
        {steps.map((step, place) => (
          <Step key={step.id} step={step} place={place + 1} way={way} isNext={step === next} />
        ))}
      </Stack>
    </Stack>
  );
}

const WHICH: Record<Way, string> = {
  mis: 'Your school works with a link to its MIS, so pupils, classes and teachers come from there.',
  by_hand:
    'Your school has pupils and no link to an MIS, so you keep them here yourself. You can link your MIS later, under MIS Synchronisation.',
};

function ChooseWay({ way, onChange }: { way: Way; onChange: (way: Way) => void }) {
  return (
    <Stack gap={4} align="flex-start">
      <Text size="sm" id="ways">
        There are two ways to begin. With a link to your MIS less is left to do by hand.
      </Text>
      <SegmentedControl
        aria-labelledby="ways"
        value={way}
        onChange={(value) => onChange(value as Way)}
        data={(Object.keys(WAYS) as Way[]).map((value) => ({ value, label: WAYS[value] }))}
      />
    </Stack>
  );
}

/** For all who use the admin account; whoever puts it away can take it back here. */
function OnTheHomePage({ guide }: { guide: SetUp }) {
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: putGuideAway,
    onSettled: () => queryClient.invalidateQueries({ queryKey: setUpQuery.queryKey }),
  });
  if (guide.put_away === null || (guide.complete && !guide.put_away)) return null;
  return (
    <Stack gap="xs" align="flex-start">
      {change.isError && <ProblemAlert problem={change.error} />}
      <Text size="sm" c="dimmed">
        {guide.put_away
          ? 'The guide was put away and does not stand on the home page.'
          : 'How far you are stands on the home page until everything needed is done.'}
      </Text>
      <Button
        size="xs"
        variant="default"
        loading={change.isPending}
        onClick={() => change.mutate(!guide.put_away)}
      >
        {guide.put_away ? 'Show it on the home page again' : 'I know my way'}
      </Button>
    </Stack>
  );
}

const STATES = {
  done: { name: 'Done', color: 'leaf' },
  to_do: { name: 'To do', color: 'amber' },
  unknown: { name: 'Not known just now', color: 'slate' },
} as const;

interface StepProps {
  step: SetUpStep;
  place: number;
  way: Way;
  isNext: boolean;
}

function Step({ step, place, way, isNext }: StepProps) {
  const { title, why } = STEPS[step.id];
  const state = STATES[step.state];
  const waits = step.state === 'to_do';
  return (
    <Paper component="li" aria-labelledby={`step-${step.id}`} p="lg">
      <Group gap="md" wrap="nowrap" align="flex-start">
        <StateIcon state={step.state} />
        <Stack gap={6} miw={0} style={{ flex: 1 }} align="flex-start">
          <Group gap="xs">
            <Title order={2} size="h3" id={`step-${step.id}`}>
              {place}. {title}
            </Title>
            <Badge color={waits && !step.needed ? 'slate' : state.color}>
              {waits && !step.needed ? 'Can wait' : state.name}
            </Badge>
          </Group>
          <Text c="dimmed">{why}</Text>
          {step.there && <Text>{step.there}</Text>}
          {step.missing.map((what) => (
            <Text key={what} fw={600}>
              {what}
            </Text>
          ))}
          {step.state === 'unknown' && (
            <Text>
              That part of Classroom Monitor is not answering. The step is shown again by itself.
            </Text>
          )}
          <ButtonLink
            {...pageOf(step, way)}
            mt={4}
            variant={isNext ? 'filled' : 'default'}
            classNames={{ root: classes.button, label: classes.label }}
          >
            {buttonOf(step, way)}
          </ButtonLink>
        </Stack>
      </Group>
    </Paper>
  );
}

function StateIcon({ state }: { state: SetUpStep['state'] }) {
  if (state === 'done') return <CircleCheckBig size={28} className={classes.done} aria-hidden />;
  if (state === 'unknown') return <CloudOff size={28} className={classes.open} aria-hidden />;
  return <CircleDashed size={28} className={classes.open} aria-hidden />;
}
