/** The last runs: when, how they ended, and what they changed. */
import { Badge, EmptyState, Stack, Text } from '@mantine/core';
import { History } from 'lucide-react';
import type { Run } from '~/api/mis';
import { columnsOf, DataTable } from '~/components/DataTable';
import { TextLink } from '~/components/links';
import { formatMoment } from '~/school/words';
import { ABOUT_ASKING, causeOf, runState } from './link-states';
import { countsInWords, progressInWords } from './run-counts';

const column = columnsOf<Run>();
const columns = column.columns([
  column.accessor('started_at', {
    header: 'Started',
    cell: ({ row: { original: run }, getValue }) =>
      hasPage(run) ? (
        <TextLink
          to="/data-management/mis-synchronisation/$runId"
          params={{ runId: run.id }}
          fw={600}
          inherit
        >
          {formatMoment(getValue())}
        </TextLink>
      ) : (
        <Text fw={600}>{formatMoment(getValue())}</Text>
      ),
  }),
  column.accessor('state', {
    header: 'State',
    cell: ({ row }) => {
      const { name, color } = runState(row.original);
      return <Badge color={color}>{name}</Badge>;
    },
  }),
  column.accessor('cause', {
    header: 'Because of',
    cell: ({ getValue }) => causeOf(getValue()),
  }),
  column.accessor('academic_year', {
    header: 'Academic year',
    cell: ({ getValue }) => getValue() ?? '–',
  }),
  column.accessor('counts', {
    header: 'What it did',
    cell: ({ row }) => <WhatItDid run={row.original} />,
  }),
]);

/** Lines that only tell that something was asked or refused have nothing more to show. */
function hasPage(run: Run): boolean {
  return run.cause !== 'refused' && !ABOUT_ASKING.includes(run.cause);
}

export function Runs({ runs }: { runs: Run[] }) {
  if (runs.length === 0) {
    return (
      <EmptyState
        icon={<History aria-hidden />}
        py="xl"
        title="Nothing has come yet"
        description="As soon as the connector sends data from your MIS, it is listed here."
      />
    );
  }
  return <DataTable caption="The last syncs" columns={columns} rows={runs} />;
}

function WhatItDid({ run }: { run: Run }) {
  const counts = run.finished_at ? countsInWords(run.counts) : [];
  return (
    <Stack gap={2}>
      {run.reason && <Text size="sm">{run.reason}</Text>}
      {counts.length > 0 && <Text size="sm">{counts.join(', ')}</Text>}
      {counts.length === 0 && !run.reason && (
        <Text size="sm" c="dimmed">
          {run.finished_at ? 'No changes' : (progressInWords(run) ?? 'Under way')}
        </Text>
      )}
    </Stack>
  );
}
