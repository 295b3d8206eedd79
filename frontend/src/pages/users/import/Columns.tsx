/** The second step: which column is which, as recognised or chosen; kept for the next file. */
import { Button, Checkbox, Group, Paper, Select, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ImportColumn, keepImport, lookThrough, type UserImport } from '~/api/user-imports';
import { ProblemAlert } from '~/components/messages';
import { counted } from '~/school/words';
import { CancelImport } from './CancelImport';
import classes from './Columns.module.css';
import { FIELDS, type Field, wrongColumns } from './words';

const NOT_USED = '';

interface ColumnsProps {
  made: UserImport;
  onLookedThrough: () => void;
}

export function Columns({ made, onLookedThrough }: ColumnsProps) {
  const queryClient = useQueryClient();
  const [fields, setFields] = useState(
    () => new Map(made.columns.map(({ column, field }) => [column, field])),
  );
  const [keep, setKeep] = useState(made.keep_over_mis);
  const [namesakes, setNamesakes] = useState(made.add_namesakes);
  const look = useMutation({
    mutationFn: () =>
      lookThrough(made.id, {
        columns: made.columns.map(({ column }) => ({ column, field: fields.get(column) ?? null })),
        keep_over_mis: keep,
        add_namesakes: namesakes,
      }),
    onSuccess: (previewed) => {
      keepImport(queryClient, previewed);
      onLookedThrough();
    },
  });
  const wrong = wrongColumns([...fields.values()]);
  return (
    <Stack gap="lg">
      {look.error && <ProblemAlert problem={look.error} />}
      <Paper>
        <Title order={2} px="lg" pt="lg">
          Which column is which?
        </Title>
        <Text px="lg" pb="sm" c="dimmed">
          {made.file_name}, {counted(made.rows, 'row')}. What you choose is kept for your next file.
        </Text>
        <Table className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Column in your file</Table.Th>
              <Table.Th scope="col">For example</Table.Th>
              <Table.Th scope="col">Is used for</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {made.columns.map((column) => (
              <OneColumn
                key={column.column}
                column={column}
                field={fields.get(column.column) ?? null}
                onChange={(field) => setFields(new Map(fields).set(column.column, field))}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Paper>
      <Paper p="lg">
        <Title order={2} mb="md">
          Options
        </Title>
        <Stack>
          <Checkbox
            checked={keep}
            onChange={(event) => setKeep(event.currentTarget.checked)}
            label="Keep these details over the MIS"
            description="The overnight sync leaves them as they are imported. Without this, the MIS goes on keeping them up to date."
          />
          <Checkbox
            checked={namesakes}
            onChange={(event) => setNamesakes(event.currentTarget.checked)}
            label="Add people even if somebody has the same name"
            description="Without this, a row with the name of a user who is here is rejected, so that nobody is added twice by mistake."
          />
        </Stack>
      </Paper>
      <Group justify="space-between">
        <CancelImport importId={made.id} />
        <Group>
          {wrong && (
            <Text size="sm" c="brick.8" role="alert">
              {wrong}
            </Text>
          )}
          <Button
            onClick={() => look.mutate()}
            loading={look.isPending}
            disabled={wrong !== undefined}
          >
            Show the preview
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}

interface OneColumnProps {
  column: ImportColumn;
  field: Field | null;
  onChange: (field: Field | null) => void;
}

function OneColumn({ column, field, onChange }: OneColumnProps) {
  const name = column.heading || `Column ${column.letter}`;
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={600}>{name}</Text>
        <Text size="sm" c="dimmed">
          Column {column.letter}
        </Text>
      </Table.Td>
      <Table.Td className={classes.samples}>{column.samples.join(', ') || 'Empty'}</Table.Td>
      <Table.Td>
        <Select
          aria-label={`${name} is used for`}
          data={[{ value: NOT_USED, label: 'Not used' }, ...FIELDS]}
          value={field ?? NOT_USED}
          onChange={(chosen) =>
            onChange(FIELDS.find(({ value }) => value === chosen)?.value ?? null)
          }
        />
      </Table.Td>
    </Table.Tr>
  );
}
