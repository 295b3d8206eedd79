/**
 * The table of every list page: TanStack Table's model in Mantine's looks. The server sorts; on a
 * narrow screen each row becomes a card whose cells carry their column's name.
 */
import { Checkbox, Select, Table, UnstyledButton, VisuallyHidden } from '@mantine/core';
import {
  type ColumnDef,
  createColumnHelper,
  metaHelper,
  type RowData,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { ArrowDown, ArrowUp, ArrowUpDown } from 'lucide-react';
import classes from './DataTable.module.css';

interface ColumnMeta {
  /** Numbers stand to the right. */
  numeric?: boolean;
}

const features = tableFeatures({ rowSortingFeature, columnMeta: metaHelper<ColumnMeta>() });

export type Column<Row extends RowData> = ColumnDef<typeof features, Row, unknown>;

/** A column's id is the name the server sorts by; `enableSorting: false` where it can not. */
export function columnsOf<Row extends RowData>() {
  return createColumnHelper<typeof features, Row>();
}

interface Selection<Row> {
  selected: ReadonlySet<string>;
  onSelect: (ids: readonly string[], on: boolean) => void;
  /** What the row is called, for who hears the box and does not see it. */
  nameOf: (row: Row) => string;
}

interface DataTableProps<Row extends RowData & { id: string }> {
  caption: string;
  // biome-ignore lint/suspicious/noExplicitAny: each column has a value type of its own
  columns: ColumnDef<typeof features, Row, any>[];
  rows: readonly Row[];
  /** A column's id, with a minus before it for descending order. */
  sort?: string;
  onSort?: (sort: string) => void;
  /** Rows can be chosen, each by a box before it; the boxes of other pages are the caller's. */
  selection?: Selection<Row>;
  /** While other rows are on their way, the old ones are dimmed. */
  busy?: boolean;
}

export function DataTable<Row extends RowData & { id: string }>(props: DataTableProps<Row>) {
  const { caption, columns, rows, sort, onSort, selection, busy = false } = props;
  const sortedBy = sort?.replace(/^-/, '');
  const descending = sort?.startsWith('-') ?? false;
  const table = useTable({
    features,
    columns,
    data: rows,
    getRowId: (row) => row.id,
    state: { sorting: sortedBy ? [{ id: sortedBy, desc: descending }] : [] },
    manualSorting: true,
    enableSorting: onSort !== undefined,
  });

  const sortable = table
    .getAllLeafColumns()
    .filter((one) => one.getCanSort())
    .map((one) => ({ id: one.id, header: String(one.columnDef.header) }));
  const sortBy = (id: string) => onSort?.(id === sortedBy && !descending ? `-${id}` : id);

  return (
    <>
      {onSort && <SortField columns={sortable} sort={sort} onSort={onSort} />}
      <Table className={classes.table} aria-busy={busy} highlightOnHover role="table">
        <Table.Caption className={classes.caption}>
          <VisuallyHidden>{caption}</VisuallyHidden>
        </Table.Caption>
        <Table.Thead role="rowgroup">
          {table.getHeaderGroups().map((group) => (
            <Table.Tr key={group.id} role="row">
              {selection && (
                <Table.Th role="columnheader" scope="col" w={1}>
                  <VisuallyHidden>Selected</VisuallyHidden>
                </Table.Th>
              )}
              {group.headers.map((header) => {
                const direction = header.column.getIsSorted();
                return (
                  <Table.Th
                    key={header.id}
                    role="columnheader"
                    scope="col"
                    data-numeric={header.column.columnDef.meta?.numeric}
                    aria-sort={direction ? SORTED[direction] : undefined}
                  >
                    {header.column.getCanSort() ? (
                      <UnstyledButton className={classes.sort} onClick={() => sortBy(header.id)}>
                        <table.FlexRender header={header} />
                        <SortIcon direction={direction} />
                      </UnstyledButton>
                    ) : (
                      <table.FlexRender header={header} />
                    )}
                  </Table.Th>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Thead>
        <Table.Tbody role="rowgroup">
          {table.getRowModel().rows.map((row) => (
            <Table.Tr key={row.id} role="row">
              {selection && (
                <Table.Td role="cell" data-select>
                  <Checkbox
                    aria-label={`Select ${selection.nameOf(row.original)}`}
                    checked={selection.selected.has(row.id)}
                    onChange={(event) => selection.onSelect([row.id], event.currentTarget.checked)}
                  />
                </Table.Td>
              )}
              {row.getAllCells().map((cell) => (
                <Table.Td
                  key={cell.id}
                  role="cell"
                  data-label={String(cell.column.columnDef.header)}
                  data-numeric={cell.column.columnDef.meta?.numeric}
                >
                  <table.FlexRender cell={cell} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}

interface SortFieldProps {
  columns: { id: string; header: string }[];
  sort: string | undefined;
  onSort: (sort: string) => void;
}

/** On a narrow screen, where there are no headings to press. */
function SortField({ columns, sort, onSort }: SortFieldProps) {
  return (
    <Select
      className={classes.sortField}
      label="Sort by"
      value={sort ?? null}
      data={columns.flatMap(({ id, header }) => [
        { value: id, label: header },
        { value: `-${id}`, label: `${header}, backwards` },
      ])}
      onChange={(chosen) => chosen && onSort(chosen)}
    />
  );
}

const SORTED = { asc: 'ascending', desc: 'descending' } as const;

function SortIcon({ direction }: { direction: false | 'asc' | 'desc' }) {
  if (direction === 'asc') return <ArrowUp size={15} aria-hidden />;
  if (direction === 'desc') return <ArrowDown size={15} aria-hidden />;
  return <ArrowUpDown size={15} aria-hidden className={classes.unsorted} />;
}
