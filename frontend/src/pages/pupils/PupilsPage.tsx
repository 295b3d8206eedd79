/** The school's pupils as a list; the admin changes many of them at once, and takes the list away. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Download, FileUp } from 'lucide-react';
import { useState } from 'react';
import { type Pupil, pupilsFile, pupilsQuery } from '~/api/roster';
import type { Session } from '~/api/session';
import { DataTable } from '~/components/DataTable';
import { List, PAGE_SIZE, useCursorPages } from '~/components/ListPage';
import { ButtonLink } from '~/components/links';
import { PageHeader } from '~/components/PageHeader';
import { useSelection } from '~/components/useSelection';
import { NewPupil } from '~/pages/pupils/one/NewPupil';
import { yearGroupsBetween } from '~/school/words';
import { COLUMNS, COLUMNS_OF_INACTIVE } from './columns';
import { ManyPupilsDialog } from './ManyPupilsDialog';
import type { Action } from './many-pupils';
import { NoPupils } from './NoPupils';
import { PupilFilters } from './PupilFilters';
import { filtersOf, type PupilSearch } from './pupil-search';
import { SelectedPupils } from './SelectedPupils';

const route = getRouteApi('/signed-in/whole-school/pupils');

/** The name that they go by, as the dialogs say it. */
function nameOf(pupil: Pupil): string {
  const forename = pupil.preferred_forename ?? pupil.legal_forename;
  return `${forename} ${pupil.preferred_surname ?? pupil.legal_surname}`;
}

export function PupilsPage({ session }: { session: Session }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const isAdmin = session.account.kind === 'admin';
  const filters = filtersOf(search);
  const query = { ...filters, sort: search.sort ?? 'surname' };
  const selection = useSelection(String(filters.active));
  const [action, setAction] = useState<Action>();
  /** What is typed is the search field's own; it begins anew where the page changes the search. */
  const [begun, setBegun] = useState(0);
  const pages = useCursorPages(query);
  const pupils = useQuery(pupilsQuery({ ...query, limit: PAGE_SIZE, cursor: pages.cursor }));
  const years = yearGroupsBetween(session.school.first_year_group, session.school.last_year_group);
  const change = (changed: PupilSearch) =>
    navigate({ search: (before) => ({ ...before, ...changed }), replace: true });

  return (
    <>
      <PageHeader
        title={isAdmin ? 'Pupil Management' : 'Pupils'}
        description={
          isAdmin
            ? 'Everybody on roll, and who was. Open a pupil to change details, classes or parents.'
            : 'Everybody on roll, and who was. Open a pupil to see more.'
        }
        actions={
          isAdmin && (
            <>
              <ButtonLink
                to="/pupils/import"
                variant="default"
                leftSection={<FileUp size={17} aria-hidden />}
              >
                Import pupils
              </ButtonLink>
              <Button
                component="a"
                href={pupilsFile(filters)}
                download
                variant="default"
                leftSection={<Download size={17} aria-hidden />}
              >
                Export as CSV
              </Button>
              <NewPupil />
            </>
          )
        }
      />
      <List
        thing="pupil"
        result={pupils}
        pages={pages}
        empty={
          <NoPupils
            search={search}
            isAdmin={isAdmin}
            onChange={async (changed) => {
              await change(changed);
              setBegun(begun + 1);
            }}
          />
        }
        filters={<PupilFilters key={begun} search={search} years={years} onChange={change} />}
      >
        {(rows, busy) => (
          <>
            {isAdmin && (
              <SelectedPupils
                rows={rows}
                total={pupils.data?.total ?? 0}
                filters={filters}
                selection={selection}
                onAction={setAction}
              />
            )}
            <DataTable
              caption="Pupils"
              columns={filters.active === false ? COLUMNS_OF_INACTIVE : COLUMNS}
              rows={rows}
              busy={busy}
              sort={query.sort}
              onSort={(by) => change({ sort: by })}
              selection={
                isAdmin
                  ? { selected: selection.selected, onSelect: selection.select, nameOf }
                  : undefined
              }
            />
          </>
        )}
      </List>
      {action && (
        <ManyPupilsDialog
          action={action}
          ids={[...selection.selected]}
          years={years}
          onClose={() => setAction(undefined)}
          onDone={() => {
            setAction(undefined);
            selection.clear();
          }}
        />
      )}
    </>
  );
}
