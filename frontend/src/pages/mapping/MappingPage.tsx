/** Data Management › MIS Mapping: every difference is mapped, created or ignored (R18–R20). */
import {
  Alert,
  Badge,
  Button,
  EmptyState,
  Group,
  List,
  Paper,
  Stack,
  Tabs,
  Text,
} from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleAlert, CircleCheckBig, LoaderCircle } from 'lucide-react';
import { useState } from 'react';
import {
  type Difference,
  differencesQuery,
  type MappingResult,
  type Run,
  refreshAfterRun,
} from '~/api/mis';
import { Loading, ProblemAlert, Unavailable } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { progressInWords } from '~/pages/synchronisation/run-counts';
import { useLiveMis } from '~/pages/synchronisation/useLiveMis';
import { counted } from '~/school/words';
import { chosenTwice, isCertain, type SavedMapping, savedMapping } from './choices';
import classes from './DifferenceCard.module.css';
import { DifferenceSection } from './DifferenceSection';
import { IgnoredDifferences } from './IgnoredDifferences';
import { ReviewDialog } from './ReviewDialog';
import { sectionsOf } from './sections';
import { type ChoiceState, useChoices } from './useChoices';

const NONE: never[] = [];

export function MappingPage() {
  const { page, run, running } = useLiveMis();
  const open = useQuery(differencesQuery('open'));
  const ignored = useQuery(differencesQuery('ignored'));
  const differences = open.data ?? NONE;
  return (
    <>
      <PageHeader
        title="MIS Mapping"
        area="Data Management"
        description="Here your MIS and Classroom Monitor differ in a way that only you can decide. Say for each whether it is one that we have already, a new one, or one to leave out."
      />
      <Unavailable services={page.data?.unavailable ?? NONE} />
      {running && run && <Applying run={run} />}
      <Tabs defaultValue="open" keepMounted={false}>
        <Tabs.List mb="lg">
          <Tabs.Tab value="open" rightSection={<Count of={open.data?.length} />}>
            To map
          </Tabs.Tab>
          <Tabs.Tab value="ignored" rightSection={<Count of={ignored.data?.length} />}>
            Ignored
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="open">
          {open.error && <ProblemAlert problem={open.error} onRetry={() => open.refetch()} />}
          {open.isPending && <Loading />}
          {open.isSuccess && <ToMap differences={differences} />}
        </Tabs.Panel>
        <Tabs.Panel value="ignored">
          <IgnoredDifferences />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Count({ of }: { of: number | undefined }) {
  if (!of) return null;
  return (
    <Badge size="md" color="slate">
      {of}
    </Badge>
  );
}

function Applying({ run }: { run: Run }) {
  return (
    <Alert mb="lg" icon={<LoaderCircle aria-hidden />} role="status" title="A sync is running">
      What is settled is being brought in now. {progressInWords(run) ?? 'Comparing'}…
    </Alert>
  );
}

/** Keeps the choices while the list changes underneath, as it does when another admin decides. */
function ToMap({ differences }: { differences: readonly Difference[] }) {
  const queryClient = useQueryClient();
  const state = useChoices(differences);
  const [reviewing, setReviewing] = useState(false);
  const [outcome, setOutcome] = useState<SavedMapping>();
  const certain = differences.filter((one) => isCertain(one) && !state.choices.has(one.id));
  const problems = new Map(outcome?.failed.map(({ id, detail }) => [id, detail]));

  const showOutcome = (answer: MappingResult) => {
    setOutcome(savedMapping(answer, differences));
    setReviewing(false);
    const saved = answer.results.map((result) => result.difference_id);
    state.decide(saved, undefined);
    state.select(saved, false);
    refreshAfterRun(queryClient);
  };

  return (
    <>
      {outcome && <Outcome outcome={outcome} />}
      {differences.length === 0 ? (
        <NothingToMap />
      ) : (
        <Stack gap="xl">
          {certain.length > 0 && (
            <Group>
              <Button variant="light" onClick={() => state.follow(certain)}>
                Use the {counted(certain.length, 'certain suggestion')}
              </Button>
              <Text size="sm" c="dimmed">
                Nothing is saved until you say so. ‘May match’ is left for you to look at.
              </Text>
            </Group>
          )}
          {sectionsOf(differences).map((section) => (
            <DifferenceSection
              key={section.kind}
              section={section}
              state={state}
              problems={problems}
            />
          ))}
        </Stack>
      )}
      {differences.length > 0 && (
        <SaveBar state={state} of={differences.length} onReview={() => setReviewing(true)} />
      )}
      {reviewing && (
        <ReviewDialog
          decisions={state.decisions}
          twice={chosenTwice(state.choices, differences)}
          onClose={() => setReviewing(false)}
          onSaved={showOutcome}
        />
      )}
    </>
  );
}

interface SaveBarProps {
  state: ChoiceState;
  of: number;
  onReview: () => void;
}

function SaveBar({ state, of, onReview }: SaveBarProps) {
  return (
    <Paper className={classes.bar}>
      <Group justify="space-between">
        <Text role="status">
          {state.decisions.length} of {counted(of, 'difference')} decided
        </Text>
        <Group gap="sm">
          <Button
            variant="default"
            onClick={state.clear}
            disabled={state.choices.size === 0 && state.selected.size === 0}
          >
            Clear
          </Button>
          <Button onClick={onReview} disabled={state.decisions.length === 0}>
            Review and save
          </Button>
        </Group>
      </Group>
    </Paper>
  );
}

function Outcome({ outcome: { done, failed, runs } }: { outcome: SavedMapping }) {
  if (failed.length === 0) {
    return (
      <Alert mb="lg" color="leaf" icon={<CircleCheckBig aria-hidden />} role="status" title="Saved">
        {counted(done, 'decision')} saved.
        {runs && ' Users and links follow in a moment.'}
      </Alert>
    );
  }
  return (
    <Alert
      mb="lg"
      color="amber"
      icon={<CircleAlert aria-hidden />}
      role="alert"
      title={`${counted(failed.length, 'decision')} could not be saved`}
    >
      <Text size="sm">
        {done > 0 && `${counted(done, 'other decision')} ${done === 1 ? 'was' : 'were'} saved. `}
        The list below is as it is now; decide again what is still there.
      </Text>
      <List size="sm" mt="xs">
        {failed.map(({ id, label, detail }) => (
          <List.Item key={id}>
            <b>{label}</b>: {detail}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function NothingToMap() {
  return (
    <Paper>
      <EmptyState
        icon={<CircleCheckBig aria-hidden />}
        variant="light"
        py="xl"
        title="Nothing to map"
        description="Your MIS and Classroom Monitor agree. If they ever differ, the mapping alert on the home page says so."
      />
    </Paper>
  );
}
