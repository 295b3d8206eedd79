/** The rows of a file of users and what becomes of each. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  type ImportOutcome,
  type ImportRow,
  importRowsQuery,
  type UserImport,
} from '~/api/user-imports';
import { Rows, rowColumns } from '~/components/import/Rows';
import { PAGE_SIZE, useCursorPages } from '~/components/ListPage';
import { TextLink } from '~/components/links';
import { fieldName, OUTCOMES } from './words';

const columns = rowColumns<ImportRow>({
  header: 'Person',
  who: (row) => <Person row={row} />,
  outcomes: OUTCOMES,
  fieldName,
});

interface UserRowsProps {
  made: UserImport;
  counts: NonNullable<UserImport['counts']>;
}

export function UserRows({ made, counts }: UserRowsProps) {
  const [outcome, setOutcome] = useState<ImportOutcome>();
  const pages = useCursorPages({ outcome, version: made.version });
  const query = { outcome, limit: PAGE_SIZE, cursor: pages.cursor };
  const rows = useQuery(importRowsQuery(made.id, made.version, query));
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
