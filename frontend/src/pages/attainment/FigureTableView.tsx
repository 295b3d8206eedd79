/** The figures as a table: number and per cent, and where a comparison is hidden, that it is. */
import { Table, Text, VisuallyHidden } from '@mantine/core';
import { formatNumber } from '~/school/words';
import classes from './AttainmentPage.module.css';
import { type FigureRow, type FigureTable, shareText } from './figures';

export function FigureTableView({ table }: { table: FigureTable }) {
  const columns = [...table.parts.map(({ name }) => name), ...table.others];
  const subjects = [...new Set(table.rows.map(({ subject }) => subject))];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className={classes.scroll} aria-label={`Table of ${table.title}`} tabIndex={0}>
      <Table className={classes.table} horizontalSpacing="sm">
        <Table.Caption className={classes.caption}>
          <VisuallyHidden>{table.title}</VisuallyHidden>
        </Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Subject</Table.Th>
            {table.compared && <Table.Th scope="col">Group</Table.Th>}
            <Table.Th scope="col" data-numeric>
              Pupils
            </Table.Th>
            {columns.map((name) => (
              <Table.Th key={name} scope="col" data-numeric>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        {subjects.map((subject) => (
          <Subject
            key={subject}
            rows={table.rows.filter((row) => row.subject === subject)}
            compared={table.compared}
            columns={columns.length + 1}
          />
        ))}
      </Table>
    </section>
  );
}

interface SubjectProps {
  rows: FigureRow[];
  compared: boolean;
  columns: number;
}

function Subject({ rows, compared, columns }: SubjectProps) {
  return (
    <Table.Tbody>
      {rows.map((row, place) => (
        <Table.Tr key={row.key}>
          {place === 0 && (
            <Table.Th
              scope={compared ? 'rowgroup' : 'row'}
              rowSpan={rows.length}
              className={classes.subject}
            >
              {row.subject}
            </Table.Th>
          )}
          {compared && (
            <Table.Th scope="row" className={classes.group}>
              {row.group}
            </Table.Th>
          )}
          <Cells row={row} columns={columns} />
        </Table.Tr>
      ))}
    </Table.Tbody>
  );
}

function Cells({ row: { shown }, columns }: { row: FigureRow; columns: number }) {
  if (!shown) {
    return (
      <Table.Td colSpan={columns}>
        <Text size="sm" c="dimmed">
          Not shown: too few pupils
        </Text>
      </Table.Td>
    );
  }
  return (
    <>
      <Table.Td data-numeric>{formatNumber(shown.pupils)}</Table.Td>
      {[...shown.parts, ...shown.others].map((share, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the columns are fixed
        <Table.Td key={place} data-numeric>
          {shareText(share)}
        </Table.Td>
      ))}
    </>
  );
}
