/** The rows of a file and what becomes of each, filtered by that. */
import { Badge, Chip, EmptyState, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { FileSpreadsheet } from 'lucide-react';
import { useState } from 'react';
import {
  type ImportOutcome,
  type ImportRow,
  importRowsQuery,
  type UserImport,
} from '~/api/user-imports';
import { columnsOf, DataTable } from '~/components/DataTable';
import { List, PAGE_SIZE, useCursorPages } from '~/components/ListPage';
import { TextLink } from '~/components/links';
import { formatNumber } from '~/school/words';
import classes from './Preview.module.css';
import { fieldName, OUTCOMES } from './words';

const column = columnsOf<ImportRow>();
const columns = column.columns([
  column.accessor('name', {
    header: 'Person',
    enableSorting: false,
    cell: ({ row: { original: row } }) => <Person row={row} />,
  }),
  column.accessor('row', {
    header: 'Row',
    enableSorting: false,
    cell: ({ getValue }) => formatNumber(getValue()),
  }),
  column.accessor('outcome', {
    header: 'Outcome',
    enableSorting: false,
    cell: ({ getValue }) => <OutcomeBadge outcome={getValue()} />,
  }),
  column.accessor('changes', {
    header: 'Details',
    enableSorting: false,
    cell: ({ row: { original: row } }) => <Details row={row} />,
  }),
]);

interface RowsProps {
  made: UserImport;
  counts: NonNullable<UserImport['counts']>;
}

export function Rows({ made, counts }: RowsProps) {
  const [outcome, setOutcome] = useState<ImportOutcome>();
  const pages = useCursorPages({ outcome, version: made.version });
  const query = { outcome, limit: PAGE_SIZE, cursor: pages.cursor };
  const rows = useQuery(importRowsQuery(made.id, made.version, query));
  return (
    <List
      thing="row"
      result={rows}
      pages={pages}
      empty={
        <EmptyState
          icon={<FileSpreadsheet aria-hidden />}
          variant="light"
          py="xl"
          title="No such rows"
          description="No row of this file has this outcome."
        />
      }
      filters={
        <Chip.Group
          value={outcome ?? ''}
          onChange={(chosen) => setOutcome(OUTCOMES.find(({ value }) => value === chosen)?.value)}
        >
          <Group gap="xs" role="radiogroup" aria-label="Show rows">
            <Chip value="">All {formatNumber(made.rows)}</Chip>
            {OUTCOMES.map(({ value, label }) => (
              <Chip key={value} value={value}>
                {label} {formatNumber(counts[value])}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      }
    >
      {(found, busy) => (
        <DataTable caption="Rows of the file" columns={columns} rows={found} busy={busy} />
      )}
    </List>
  );
}

function Person({ row }: { row: ImportRow }) {
  const name = row.name || 'No name';
  return (
    <div>
      {row.user_id ? (
        <TextLink to="/users/$userId" params={{ userId: row.user_id }} fw={600} inherit>
          {name}
        </TextLink>
      ) : (
        <Text fw={600} inherit>
          {name}
        </Text>
      )}
      {row.username && (
        <Text size="sm" c="dimmed">
          {row.username}
        </Text>
      )}
    </div>
  );
}

function OutcomeBadge({ outcome }: { outcome: ImportOutcome | null }) {
  const shown = OUTCOMES.find(({ value }) => value === outcome);
  return shown ? <Badge color={shown.color}>{shown.label}</Badge> : null;
}

/** They stand in the first column already. */
const NAMES = new Set<string>(['forename', 'surname']);

function Details({ row }: { row: ImportRow }) {
  if (row.faults.length > 0) {
    return (
      <Stack gap={4}>
        {row.faults.map((fault) => (
          <Text key={fault.detail} size="sm">
            {fault.column && <b>Column {fault.column}: </b>}
            {fault.detail}
          </Text>
        ))}
      </Stack>
    );
  }
  const added = row.outcome === 'added';
  const changes = row.changes.filter(({ field }) => !(added && NAMES.has(field)));
  return (
    <Stack gap={4} className={classes.change}>
      {changes.map(({ field, before, after, by_hand }) => (
        <Text key={field} size="sm" component="div">
          {fieldName(field)}:{' '}
          {row.outcome === 'updated' && (
            <>
              <span className={classes.before}>{before ?? 'nothing'}</span> →{' '}
            </>
          )}
          {after}
          {by_hand && (
            <Text component="span" c="dimmed" inherit>
              {' '}
              (was set by hand)
            </Text>
          )}
        </Text>
      ))}
    </Stack>
  );
}
