/** The rows of a file and what becomes of each, filtered by that. */
import { Badge, Chip, EmptyState, Group, Stack, Text } from '@mantine/core';
import { FileSpreadsheet } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { columnsOf, DataTable } from '~/components/DataTable';
import { List } from '~/components/ListPage';
import { formatNumber } from '~/school/words';
import type { ImportChange, ImportFault, OutcomeChoice } from './import-file';
import classes from './Preview.module.css';

/** A row of a file, and what becomes of it; of users, or of whatever is imported. */
interface FileRow {
  id: string;
  /** Null for what is in no row of the file. */
  row: number | null;
  outcome: string | null;
  name: string;
  changes: readonly ImportChange<string>[];
  faults: readonly ImportFault[];
  /** What is not wrong, but worth a look. */
  notes?: readonly ImportFault[];
}

interface RowColumnsWanted<Row extends FileRow> {
  /** What a row is about, such as `Pupil`. */
  header: string;
  who: (row: Row) => ReactNode;
  outcomes: readonly OutcomeChoice<string>[];
  fieldName: (field: Row['changes'][number]['field']) => string;
}

/** The columns of the table of rows; made once, beside the page that shows them. */
export function rowColumns<Row extends FileRow>(wanted: RowColumnsWanted<Row>) {
  const { header, who, outcomes, fieldName } = wanted;
  const column = columnsOf<Row>();
  return [
    column.display({ id: 'who', header, cell: ({ row }) => who(row.original) }),
    column.display({
      id: 'row',
      header: 'Row',
      cell: ({ row }) => rowNumber(row.original.row),
    }),
    column.display({
      id: 'outcome',
      header: 'Outcome',
      cell: ({ row }) => <OutcomeBadge outcome={row.original.outcome} outcomes={outcomes} />,
    }),
    column.display({
      id: 'details',
      header: 'Details',
      cell: ({ row }) => <Details row={row.original} fieldName={fieldName} />,
    }),
  ];
}

type RowList<Row> = ComponentProps<typeof List<Row>>;

interface RowsProps<Row extends FileRow, Outcome extends string> {
  /** How many rows have each outcome; together they are `all` of them. */
  all: number;
  counts: Readonly<Record<Outcome, number>>;
  outcomes: readonly OutcomeChoice<Outcome>[];
  outcome: Outcome | undefined;
  onOutcome: (outcome: Outcome | undefined) => void;
  result: RowList<Row>['result'];
  pages: RowList<Row>['pages'];
  columns: ReturnType<typeof rowColumns<Row>>;
}

export function Rows<Row extends FileRow, Outcome extends string>(props: RowsProps<Row, Outcome>) {
  const { all, counts, outcomes, outcome, onOutcome, result, pages, columns } = props;
  const chosen: string = outcome ?? '';
  return (
    <List
      thing="row"
      result={result}
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
          value={chosen}
          onChange={(wanted) => onOutcome(outcomes.find(({ value }) => value === wanted)?.value)}
        >
          <Group gap="xs" role="radiogroup" aria-label="Show rows">
            <Chip value="">All {formatNumber(all)}</Chip>
            {outcomes.map(({ value, label }) => (
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

interface OutcomeBadgeProps {
  outcome: string | null;
  outcomes: readonly OutcomeChoice<string>[];
}

function OutcomeBadge({ outcome, outcomes }: OutcomeBadgeProps) {
  const shown = outcomes.find(({ value }) => value === outcome);
  return shown ? <Badge color={shown.color}>{shown.label}</Badge> : null;
}

function rowNumber(row: number | null): string {
  return row === null ? 'Not in the file' : formatNumber(row);
}

/** They stand in the first column already. */
const IN_THE_NAME = new Set(['forename', 'surname', 'legal_forename', 'legal_surname', 'upn']);

const NONE = 'none';

interface DetailsProps<Row extends FileRow> {
  row: Row;
  fieldName: RowColumnsWanted<Row>['fieldName'];
}

function Details<Row extends FileRow>({ row, fieldName }: DetailsProps<Row>) {
  if (row.faults.length > 0) return <Sentences of={row.faults} />;
  const added = row.outcome === 'added';
  const changes = row.changes.filter(({ field }) => !(added && IN_THE_NAME.has(field)));
  return (
    <Stack gap={4} className={classes.change}>
      {changes.map(({ field, before, after, by_hand }) => (
        <Text key={field} size="sm" component="div">
          {fieldName(field)}:{' '}
          {!added && (
            <>{before === null ? NONE : <del className={classes.before}>{before}</del>} → </>
          )}
          {after ?? NONE}
          {by_hand && (
            <Text component="span" c="dimmed" inherit>
              {' '}
              (was set by hand)
            </Text>
          )}
        </Text>
      ))}
      {row.notes && row.notes.length > 0 && <Sentences of={row.notes} />}
    </Stack>
  );
}

function Sentences({ of }: { of: readonly ImportFault[] }) {
  return (
    <Stack gap={4}>
      {of.map(({ column, detail }) => (
        <Text key={detail} size="sm">
          {column && <b>Column {column}: </b>}
          {detail}
        </Text>
      ))}
    </Stack>
  );
}
