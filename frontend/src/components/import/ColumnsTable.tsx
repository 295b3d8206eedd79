/** Which column of a file is which, as recognised or chosen. */
import { Alert, Paper, Select, Table, Text, Title } from '@mantine/core';
import { CircleHelp } from 'lucide-react';
import { useState } from 'react';
import { counted } from '~/school/words';
import classes from './ColumnsTable.module.css';
import type { FieldChoice, ImportColumn } from './import-file';

const NOT_USED = '';

/** What was chosen for each column, beginning with what was recognised. */
export function useColumns<Field extends string>(columns: readonly ImportColumn<Field>[]) {
  const [fields, setFields] = useState(
    () => new Map(columns.map(({ column, field }) => [column, field])),
  );
  return {
    chosen: columns.map(({ column }) => ({ column, field: fields.get(column) ?? null })),
    choose: (column: number, field: Field | null) => setFields(new Map(fields).set(column, field)),
  };
}

interface ColumnsTableProps<Field extends string> {
  made: { file_name: string; rows: number; columns: readonly ImportColumn<Field>[] };
  choices: ReturnType<typeof useColumns<Field>>;
  fields: readonly FieldChoice<Field>[];
}

export function ColumnsTable<Field extends string>(props: ColumnsTableProps<Field>) {
  const { made, choices, fields } = props;
  return (
    <Paper>
      <Title order={2} px="lg" pt="lg">
        Which column is which?
      </Title>
      <Text px="lg" pb="sm" c="dimmed">
        {made.file_name}, {counted(made.rows, 'row')}. What you choose is kept for your next file.
      </Text>
      <NoneKnown columns={made.columns} />
      <Table className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Column in your file</Table.Th>
            <Table.Th scope="col">For example</Table.Th>
            <Table.Th scope="col">Is used for</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {made.columns.map((column, place) => (
            <OneColumn
              key={column.column}
              column={column}
              fields={fields}
              field={choices.chosen[place]?.field ?? null}
              onChange={(field) => choices.choose(column.column, field)}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

/** A report often has its title in the first row, where the headings are looked for. */
function NoneKnown({ columns }: { columns: readonly ImportColumn<string>[] }) {
  const first = columns.find(({ heading }) => heading);
  if (!first || columns.some(({ field }) => field)) return null;
  return (
    <Alert
      mx="lg"
      mb="sm"
      color="amber"
      icon={<CircleHelp aria-hidden />}
      title="No heading of this list is known"
    >
      <Text size="sm">
        The headings of this list seem to begin with ‘{first.heading}’. If yours stand in another
        row, delete what is above them in the file and upload the file again. Else say below which
        column is which.
      </Text>
    </Alert>
  );
}

interface OneColumnProps<Field extends string> {
  column: ImportColumn<Field>;
  fields: readonly FieldChoice<Field>[];
  field: Field | null;
  onChange: (field: Field | null) => void;
}

function OneColumn<Field extends string>(props: OneColumnProps<Field>) {
  const { column, fields, field, onChange } = props;
  const name = column.heading || `Column ${column.letter}`;
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={600}>{name}</Text>
        <Text size="sm" c="dimmed">
          Column {column.letter}
        </Text>
      </Table.Td>
      <Table.Td className={classes.samples}>
        {column.samples.join(', ') || (column.note ? 'Not shown' : 'Empty')}
      </Table.Td>
      <Table.Td>
        <Select
          aria-label={`${name} is used for`}
          data={[{ value: NOT_USED, label: 'Not used' }, ...fields]}
          value={field ?? NOT_USED}
          onChange={(chosen) =>
            onChange(fields.find(({ value }) => value === chosen)?.value ?? null)
          }
        />
      </Table.Td>
    </Table.Tr>
  );
}
