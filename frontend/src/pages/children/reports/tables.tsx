/** What stands in tables in a report; on a phone each row is a card with its columns' names. */
import { Box, Text } from '@mantine/core';
import type { ChildReport } from '~/api/online-reports';
import { columnsOf, DataTable } from '~/components/DataTable';

type Block = ChildReport['blocks'][number];
type Of<Kind extends Block['kind']> = Extract<Block, { kind: Kind }>;
type Subject = Of<'attainment'>['rows'][number] & { id: string };
type Band = Of<'scale_key'>['bands'][number] & { id: string };

const STANDINGS = { below: 'Below', at_or_above: 'At or above' } as const;

const orDash = (text: string | undefined) => text || '–';

export function Details({ block }: { block: Of<'details'> }) {
  return (
    <Box component="dl" className="report-details">
      {block.details.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{orDash(value)}</dd>
        </div>
      ))}
    </Box>
  );
}

export function Attainment({ block }: { block: Of<'attainment'> }) {
  const column = columnsOf<Subject>();
  const columns = column.columns([
    column.display({
      id: 'subject',
      header: 'Subject',
      cell: ({ row }) => <b>{row.original.subject}</b>,
    }),
    column.display({
      id: 'attainment',
      header: 'Attainment',
      cell: ({ row }) => orDash(row.original.band),
    }),
    ...(block.show_expectation
      ? [
          column.display({
            id: 'expectation',
            header: 'Expectation',
            cell: ({ row: { original } }) =>
              original.standing ? STANDINGS[original.standing] : '–',
          }),
        ]
      : []),
    ...(block.show_effort
      ? [
          column.display({
            id: 'effort',
            header: 'Effort',
            cell: ({ row }) => orDash(row.original.effort),
          }),
        ]
      : []),
    ...block.earlier_terms.map((term, place) =>
      column.display({
        id: `earlier-${place}`,
        header: term,
        cell: ({ row }) => orDash(row.original.earlier[place]),
      }),
    ),
  ]);
  const rows = block.rows.map((row) => ({ ...row, id: row.subject }));
  return (
    <div className="report-table">
      <DataTable caption={block.heading || 'Attainment'} columns={columns} rows={rows} />
    </div>
  );
}

const band = columnsOf<Band>();
const bandColumns = band.columns([
  band.display({ id: 'code', header: 'Code', cell: ({ row }) => row.original.code }),
  band.display({
    id: 'name',
    header: 'Band',
    cell: ({ row: { original } }) => (
      <div>
        <b>{original.name}</b>
        {original.expectation && (
          <Text size="sm" c="dimmed">
            The expectation begins here
          </Text>
        )}
      </div>
    ),
  }),
  band.display({
    id: 'meaning',
    header: 'What it means',
    cell: ({ row }) => orDash(row.original.meaning),
  }),
]);

export function ScaleKey({ block }: { block: Of<'scale_key'> }) {
  const rows = block.bands.map((one) => ({ ...one, id: one.code }));
  return (
    <div className="report-table">
      <DataTable caption={block.heading || 'Scale'} columns={bandColumns} rows={rows} />
    </div>
  );
}
