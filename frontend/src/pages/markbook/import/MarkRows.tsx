/** The rows of a file of marks and what becomes of each. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  importRowsQuery,
  type MarkImport,
  type MarkImportOutcome,
  type MarkImportRow,
} from '~/api/mark-imports';
import { Rows, rowColumns } from '~/components/import/Rows';
import { PAGE_SIZE, useCursorPages } from '~/components/ListPage';
import { type Field, fieldName, OUTCOMES } from './words';

type ShownRow = Omit<MarkImportRow, 'changes'> & {
  changes: { field: Field; before: string | null; after: string | null; by_hand: boolean }[];
};

const columns = rowColumns<ShownRow>({
  header: 'Pupil',
  who: ({ name }) => (
    <Text fw={600} inherit>
      {name || 'No name'}
    </Text>
  ),
  outcomes: OUTCOMES,
  fieldName,
});

interface MarkRowsProps {
  made: MarkImport;
  counts: NonNullable<MarkImport['counts']>;
}

export function MarkRows({ made, counts }: MarkRowsProps) {
  const [outcome, setOutcome] = useState<MarkImportOutcome>();
  const pages = useCursorPages({ outcome, version: made.version });
  const query = { outcome, limit: PAGE_SIZE, cursor: pages.cursor };
  const rows = useQuery({ ...importRowsQuery(made.id, made.version, query), select: shown });
  return (
    <Rows
      all={made.rows}
      counts={counts}
      outcomes={OUTCOMES}
      outcome={outcome}
      onOutcome={setOutcome}
      result={rows}
      pages={pages}
      columns={columns}
    />
  );
}

/** Nobody but a person sets a mark, so none is marked as set by hand. */
function shown<Page extends { items: MarkImportRow[] }>(page: Page) {
  const items: ShownRow[] = page.items.map((row) => ({
    ...row,
    changes: row.changes.map((change) => ({ ...change, by_hand: false })),
  }));
  return { ...page, items };
}
