/** The rows of a file of pupils and what becomes of each, then who is not in the file. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type PupilImport, type PupilImportRow, pupilImportRowsQuery } from '~/api/pupil-imports';
import { Rows, rowColumns } from '~/components/import/Rows';
import { PAGE_SIZE, useCursorPages } from '~/components/ListPage';
import { TextLink } from '~/components/links';
import { fieldName, OUTCOMES, outcomesOf } from './words';

const route = getRouteApi('/signed-in/admin/pupils/import');

const columns = rowColumns<PupilImportRow>({
  header: 'Pupil',
  who: (row) => <Pupil row={row} />,
  outcomes: OUTCOMES,
  fieldName,
});

export function PupilRows({ made }: { made: PupilImport }) {
  const { show } = route.useSearch();
  const navigate = route.useNavigate();
  const { counts, shown } = outcomesOf(made);
  const pages = useCursorPages({ show, version: made.version });
  const query = { outcome: show, limit: PAGE_SIZE, cursor: pages.cursor };
  const rows = useQuery(pupilImportRowsQuery(made.id, made.version, query));
  return (
    <Rows
      all={made.rows + counts.made_inactive}
      counts={counts}
      outcomes={shown}
      outcome={show}
      onOutcome={(wanted) =>
        navigate({ search: (before) => ({ ...before, show: wanted }), replace: true })
      }
      result={rows}
      pages={pages}
      columns={columns}
    />
  );
}

function Pupil({ row }: { row: PupilImportRow }) {
  const name = row.name || 'No name';
  return (
    <div>
      {row.pupil_id ? (
        <TextLink to="/pupils/$pupilId" params={{ pupilId: row.pupil_id }} fw={600} inherit>
          {name}
        </TextLink>
      ) : (
        <Text fw={600} inherit>
          {name}
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {row.upn ?? (row.outcome === 'rejected' ? undefined : 'No UPN')}
      </Text>
    </div>
  );
}
