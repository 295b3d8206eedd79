/**
 * Attainment and Progress: of a class, a year group or the school, in a term or between two (R26).
 * What is chosen stands in the address, so that it can be kept, sent and gone back to.
 */
import { Button, EmptyState, Paper, Select, SimpleGrid, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ChartColumn, Printer } from 'lucide-react';
import { type AttainmentChoices, attainmentChoicesQuery } from '~/api/attainment';
import { Loading, ProblemAlert } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import classes from './AttainmentPage.module.css';
import {
  type AttainmentSearch,
  type Chosen,
  chosenOf,
  placesOf,
  scopeOf,
  termName,
  VIEWS,
} from './choices';
import { AttainmentOfTerm, ProgressBetween, PupilsOfGroup } from './Views';

const route = getRouteApi('/signed-in/staff/attainment-and-progress');

export function AttainmentPage() {
  const search = route.useSearch();
  const { data: choices, error, refetch } = useQuery(attainmentChoicesQuery);
  const chosen = choices && chosenOf(search, choices);
  return (
    <>
      <PageHeader
        title="Attainment and Progress"
        description="How pupils stand to what their year group expects, and how that has changed."
        actions={
          chosen && (
            <Button
              variant="default"
              className={classes.notPrinted}
              leftSection={<Printer size={17} aria-hidden />}
              onClick={() => window.print()}
            >
              Print
            </Button>
          )
        }
      />
      {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
      {!choices && !error && <Loading />}
      {choices && !chosen && <Nothing choices={choices} />}
      {choices && chosen && <Chooser choices={choices} chosen={chosen} />}
    </>
  );
}

function Nothing({ choices }: { choices: AttainmentChoices }) {
  const [title, description] =
    choices.terms.length > 0
      ? [
          'You are not linked to any group yet',
          'Your school’s administrator can link you to your classes in Group Management.',
        ]
      : [
          'Your school has no terms yet',
          'Your school’s administrator can set the terms of this academic year in School settings.',
        ];
  return (
    <Paper>
      <EmptyState
        icon={<ChartColumn aria-hidden />}
        variant="light"
        py="xl"
        title={title}
        description={description}
      />
    </Paper>
  );
}

interface ChooserProps {
  choices: AttainmentChoices;
  chosen: Chosen;
}

const NAMES = { attainment: 'Attainment', progress: 'Progress', pupils: 'Pupils' };
const ALL = 'all';
/** What a school decides whether to keep. */
const KEPT_BY_CHOICE = {
  pupil_premium: 'pupil premium',
  eal: 'first language (EAL)',
  sen: 'SEN provision',
};

function Chooser({ choices, chosen }: ChooserProps) {
  const navigate = route.useNavigate();
  const change = (changed: AttainmentSearch) =>
    navigate({ search: (before) => ({ ...before, ...changed }), resetScroll: false });
  const terms = choices.terms.map((term) => ({ value: term.id, label: termName(term) }));
  const subjects = choices.subjects.map(({ id, name, active }) => ({
    value: id,
    label: active ? name : `${name} (not used any more)`,
  }));
  const missing = Object.entries(KEPT_BY_CHOICE)
    .filter(([name]) => !choices.comparisons.some((one) => one.name === name))
    .map(([, label]) => label);
  const between = chosen.view !== 'attainment';
  const group = scopeOf(chosen.of).group_id;
  return (
    <Tabs
      keepMounted={false}
      value={chosen.view}
      onChange={(view) => change({ view: VIEWS.find((one) => one === view) })}
    >
      <Tabs.List mb="md" className={classes.notPrinted}>
        {VIEWS.map((view) => (
          <Tabs.Tab key={view} value={view}>
            {NAMES[view]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Paper p="lg" mb="lg" className={classes.notPrinted}>
        <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
          <Select
            label="Whose figures"
            searchable
            data={placesOf(choices)}
            value={chosen.of}
            onChange={(of) => of && change({ of })}
          />
          {between ? (
            <>
              <Select
                label="From"
                data={terms.filter(({ value }) => value !== chosen.to)}
                value={chosen.from ?? null}
                onChange={(from) => from && change({ from, to: chosen.to })}
              />
              <Select
                label="To"
                data={terms.filter(({ value }) => value !== chosen.from)}
                value={chosen.to}
                onChange={(to) => to && change({ to, from: chosen.from })}
              />
            </>
          ) : (
            <Select
              label="Term"
              data={terms}
              value={chosen.term}
              onChange={(term) => term && change({ term })}
            />
          )}
          <Select
            label="Subject"
            data={
              chosen.view === 'pupils'
                ? subjects
                : [{ value: ALL, label: 'All subjects' }, ...subjects]
            }
            value={
              chosen.subject ?? (chosen.view === 'pupils' ? (subjects[0]?.value ?? null) : ALL)
            }
            onChange={(subject) =>
              change({ subject: subject && subject !== ALL ? subject : undefined })
            }
          />
          {chosen.view !== 'pupils' && (
            <Select
              label="Compare by"
              data={[
                { value: ALL, label: 'All pupils together' },
                ...choices.comparisons.map(({ name, label }) => ({ value: name, label })),
              ]}
              value={chosen.by ?? ALL}
              onChange={(by) => change({ by: by && by !== ALL ? by : undefined })}
            />
          )}
        </SimpleGrid>
        {chosen.view !== 'pupils' && missing.length > 0 && (
          <Text size="sm" c="dimmed" mt="sm">
            To compare by {new Intl.ListFormat('en-GB').format(missing)} as well, ask your
            administrator to keep this of pupils, in School settings.
          </Text>
        )}
      </Paper>
      <Tabs.Panel value="attainment">
        <AttainmentOfTerm chosen={chosen} />
      </Tabs.Panel>
      <Tabs.Panel value="progress">
        {chosen.from ? <ProgressBetween chosen={chosen} from={chosen.from} /> : <OneTermOnly />}
      </Tabs.Panel>
      <Tabs.Panel value="pupils">
        <Pupils group={group} chosen={chosen} subject={chosen.subject ?? subjects[0]?.value} />
      </Tabs.Panel>
    </Tabs>
  );
}

interface PupilsProps {
  group?: string;
  subject?: string;
  chosen: Chosen;
}

function Pupils({ group, subject, chosen }: PupilsProps) {
  if (!group || !subject) {
    return (
      <Paper>
        <EmptyState
          icon={<ChartColumn aria-hidden />}
          variant="light"
          py="xl"
          title="Choose a class or a set"
          description="Pupils are listed one by one for a class or a set. Choose one under ‘Whose figures’."
        />
      </Paper>
    );
  }
  if (!chosen.from) return <OneTermOnly />;
  return <PupilsOfGroup group={group} subject={subject} from={chosen.from} to={chosen.to} />;
}

function OneTermOnly() {
  return (
    <Paper>
      <EmptyState
        icon={<ChartColumn aria-hidden />}
        variant="light"
        py="xl"
        title="There is one term only"
        description="Progress is from one term to another. It is here once there is a second one."
      />
    </Paper>
  );
}
