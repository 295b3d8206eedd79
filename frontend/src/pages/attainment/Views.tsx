/** The three views of the page, each with what it asks of the server and its files. */
import { Alert, Button, EmptyState, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ChartColumn, Download, EyeOff } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';
import {
  attainmentFile,
  attainmentQuery,
  progressFile,
  progressQuery,
  pupilsProgressFile,
  pupilsProgressQuery,
} from '~/api/attainment';
import { ButtonLink } from '~/components/links';
import { Loading, ProblemAlert } from '~/components/messages';
import classes from './AttainmentPage.module.css';
import { type Chosen, scopeOf } from './choices';
import { FigureTableView } from './FigureTableView';
import {
  attainmentFigures,
  type FigureTable,
  hasMarks,
  progressFigures,
  someHidden,
} from './figures';
import { PupilsTable } from './PupilsTable';

const FigureChart = lazy(() => import('./FigureChart'));

export function AttainmentOfTerm({ chosen }: { chosen: Chosen }) {
  const { of, term, subject, by } = chosen;
  const asked = { ...scopeOf(of), term_id: term };
  const { data, error, refetch } = useQuery(attainmentQuery(asked));
  const table = useMemo(
    () => data && attainmentFigures(data, { subject, by }),
    [data, subject, by],
  );
  if (error) return <ProblemAlert problem={error} onRetry={() => refetch()} />;
  if (!table) return <Loading />;
  return <Figures table={table} csv={attainmentFile(asked)} file="attainment" />;
}

export function ProgressBetween({ chosen, from }: { chosen: Chosen; from: string }) {
  const { of, to, subject, by } = chosen;
  const asked = { ...scopeOf(of), from_term: from, to_term: to };
  const { data, error, refetch } = useQuery(progressQuery(asked));
  const table = useMemo(() => data && progressFigures(data, { subject, by }), [data, subject, by]);
  if (error) return <ProblemAlert problem={error} onRetry={() => refetch()} />;
  if (!table) return <Loading />;
  return <Figures table={table} csv={progressFile(asked)} file="progress" />;
}

interface PupilsOfGroupProps {
  group: string;
  subject: string;
  from: string;
  to: string;
}

export function PupilsOfGroup({ group, subject, from, to }: PupilsOfGroupProps) {
  const asked = { group_id: group, subject_id: subject, from_term: from, to_term: to };
  const { data, error, refetch } = useQuery(pupilsProgressQuery(asked));
  if (error) return <ProblemAlert problem={error} onRetry={() => refetch()} />;
  if (!data) return <Loading />;
  return (
    <Paper p="lg">
      <Heading title={`${data.subject}: ${data.of}`} csv={pupilsProgressFile(asked)} />
      <PupilsTable data={data} />
    </Paper>
  );
}

interface FiguresProps {
  table: FigureTable;
  csv: string;
  /** What a saved picture is called. */
  file: string;
}

function Figures({ table, csv, file }: FiguresProps) {
  if (!hasMarks(table)) return <NoMarks />;
  return (
    <Paper p="lg">
      <Heading title={table.title} csv={csv} />
      <Stack gap="lg">
        <Suspense fallback={<Loading what="Drawing the chart" />}>
          <FigureChart table={table} file={file} />
        </Suspense>
        {someHidden(table) && (
          <Alert color="slate" icon={<EyeOff aria-hidden />} title="Some comparisons are not shown">
            <Text size="sm">
              A comparison is left out where one of its groups has fewer than 5 pupils, or where
              such a group could be worked out from other figures. So no single pupil’s
              circumstances can be read off them.
            </Text>
          </Alert>
        )}
        <FigureTableView table={table} />
        <Text size="sm" c="dimmed">
          Per cents are of the pupils {table.base}; of all pupils in the last column. Rounded, so
          they may not add up to 100.
        </Text>
      </Stack>
    </Paper>
  );
}

function Heading({ title, csv }: { title: string; csv: string }) {
  return (
    <Group justify="space-between" align="flex-start" mb="md">
      <Title order={2}>{title}</Title>
      <Button
        component="a"
        href={csv}
        download
        variant="default"
        className={classes.notPrinted}
        leftSection={<Download size={17} aria-hidden />}
      >
        Export as CSV
      </Button>
    </Group>
  );
}

function NoMarks() {
  return (
    <Paper>
      <EmptyState
        icon={<ChartColumn aria-hidden />}
        variant="light"
        py="xl"
        title="Nothing has been recorded here yet"
        description="Figures are made of the marks in the Markbook. Record some there, or choose another term, subject or class."
      >
        <EmptyState.Actions>
          <ButtonLink to="/markbook">Open the Markbook</ButtonLink>
        </EmptyState.Actions>
      </EmptyState>
    </Paper>
  );
}
